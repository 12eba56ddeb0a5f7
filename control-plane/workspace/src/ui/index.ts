export { Badge, Button, buttonClass, Check, classes, CompactInput, CompactSelect, IconButton, Keys, SelectField, TextArea, TextField, type Tone } from './controls';
export { isTyping, useAllCommands, useCommands, type Command } from './commands';
export { Confirm, Dialog } from './dialog';
export { Banner, EmptyState, ErrorBanner, ErrorState, PortionBar, say, Skeleton, SkeletonRows, Toasts, useLasting, type Portion, type Reason } from './feedback';
export { Card, Hidden, layout, Page, PageHead, Pager, Table, When, type Column } from './layout';
