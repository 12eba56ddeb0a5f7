import { Circle, CircleCheck, CircleDot, CircleSlash, Eye, Send, Undo2, type LucideIcon } from 'lucide-react';
import type { AssetStatus } from '../../api';
import { Badge, type Tone } from '../../ui';
import { t } from '../../words';

const looks: Record<AssetStatus, readonly [Tone, LucideIcon]> = {
  toDo: ['neutral', Circle],
  inProgress: ['info', CircleDot],
  submitted: ['info', Send],
  inReview: ['info', Eye],
  sentBack: ['warn', Undo2],
  done: ['good', CircleCheck],
  skipped: ['neutral', CircleSlash],
};

export function AssetStatusBadge({ status }: { readonly status: AssetStatus }) {
  const [tone, icon] = looks[status];
  return <Badge tone={tone} icon={icon}>{t(`status.${status}`)}</Badge>;
}
