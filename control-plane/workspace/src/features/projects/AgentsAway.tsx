import type { ProjectAgent } from '../../api';
import { Banner, When } from '../../ui';
import { t } from '../../words';

/** Since when an agent is away, and what still works. */
export function AgentsAway({ agents }: { readonly agents: readonly ProjectAgent[] }) {
  return agents.filter(agent => !agent.online).map(agent => (
    <Banner key={agent.id} tone="warn" title={t('agent.away', { name: agent.name })}>
      {agent.lastSeenAt ? <>{t('agent.lastSeen')} <When at={agent.lastSeenAt} />.</> : t('agent.neverSeen')} {t('agent.awayBody')}
    </Banner>
  ));
}
