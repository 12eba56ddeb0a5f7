import { CircleCheck, CircleDashed, CircleSlash, CircleX } from 'lucide-react';
import type { AgentRow } from '../../api';
import { Badge } from '../../ui';
import { t } from '../../words';

export function AgentState({ agent }: { readonly agent: AgentRow }) {
  if (agent.revokedAt) return <Badge tone="bad" icon={CircleX}>{t('agent.revoked')}</Badge>;
  if (agent.online) return <Badge tone="good" icon={CircleCheck}>{t('agent.online')}</Badge>;
  if (!agent.enrolledAt) return <Badge icon={CircleDashed}>{t('agent.waiting')}</Badge>;
  return <Badge tone="warn" icon={CircleSlash}>{t('agent.offline')}</Badge>;
}
