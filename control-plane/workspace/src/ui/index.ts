export { Badge, Button, buttonClass, Check, classes, CompactInput, CompactSelect, IconButton, Keys, SelectField, TextArea, TextField, type Tone } from './controls';
export { isTyping, useAllCommands, useCommands, type Command } from './commands';
export { Cancel, Confirm, Dialog } from './dialog';
export { Banner, EmptyState, ErrorBanner, ErrorState, PortionBar, say, Skeleton, Toasts, useLasting, type Portion, type Reason } from './feedback';
export { Card, CopyBlock, Hidden, layout, Page, PageHead, SearchField, When } from './layout';
export { Pager, Table, type Column } from './table';
