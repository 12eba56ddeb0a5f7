import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { CircleCheck, CircleX, KeyRound, Plug, ShieldX } from 'lucide-react';
import { useState } from 'react';
import { api, explain, type ConnectionRow, type EnrolmentTokenView } from '../../api';
import { Badge, Button, buttonClass, Card, Confirm, EmptyState, ErrorBanner, ErrorState, layout, Page, PageHead, say, Skeleton, When } from '../../ui';
import { t, tryText } from '../../words';
import { useTitle } from '../useTitle';
import { agentsQuery } from './agentsQuery';
import { AgentState } from './AgentState';
import { TokenDialog } from './TokenDialog';

export function AgentPage() {
  const { agentId = '' } = useParams({ strict: false });
  const client = useQueryClient();
  const { data: agent, error, isPending, refetch } = useQuery({ ...agentsQuery, select: page => page.items.find(one => one.id === agentId) });
  const [token, setToken] = useState<EnrolmentTokenView | undefined>();
  const [revoking, setRevoking] = useState(false);
  useTitle(agent?.name);
  const issue = useMutation({ mutationFn: () => api.agents.token(agentId), onSuccess: setToken });
  const revoke = useMutation({
    mutationFn: () => api.agents.revoke(agentId),
    onSuccess: async () => {
      setRevoking(false);
      say(t('agent.revokedDone'));
      await client.invalidateQueries({ queryKey: ['agents'] });
    },
  });
  if (isPending) return <Page><Skeleton width={240} height={24} /><Skeleton width="100%" height={200} /></Page>;
  if (error) return <ErrorState reason={explain(error)} onRetry={() => void refetch()} />;
  if (!agent) return <EmptyState title={t('agent.unknown')} action={<Link to="/agents" className={buttonClass()}>{t('nav.agents')}</Link>} />;
  const revoked = agent.revokedAt !== null;
  return (
    <Page>
      <PageHead title={agent.name} actions={!revoked && <Button icon={KeyRound} busy={issue.isPending} onClick={() => issue.mutate()}>{t('agent.newToken')}</Button>} />
      {issue.error && <ErrorBanner reason={explain(issue.error)} />}
      <div className={layout.two}>
        <Card pad title={t('agent.state')}>
          <dl className={layout.facts}>
            <dt>{t('agent.state')}</dt><dd><AgentState agent={agent} /></dd>
            <dt>{t('agent.version')}</dt><dd>{agent.version ?? t('state.none')}</dd>
            <dt>{t('agent.lastHeard')}</dt><dd>{agent.lastSeenAt ? <When at={agent.lastSeenAt} /> : t('agent.never')}</dd>
            <dt>{t('agent.id')}</dt><dd className={layout.mono}>{agent.id}</dd>
          </dl>
        </Card>
        <Card pad title={t('agent.canTitle')}>
          <p>{t('agent.can')}</p>
          <p>{t('agent.cannot')}</p>
        </Card>
      </div>
      <Card pad title={t('agent.connections')}>
        {agent.connections.length === 0 && <EmptyState icon={Plug} title={t('agent.noConnections')}>{t('agent.noConnectionsBody')}</EmptyState>}
        {agent.connections.map(connection => <ConnectionLine key={connection.id} connection={connection} online={agent.online} />)}
      </Card>
      {!revoked && (
        <Card pad title={t('agent.revoke')} actions={<Button kind="danger" icon={ShieldX} onClick={() => setRevoking(true)}>{t('agent.revoke')}</Button>}>
          <p className={layout.muted}>{t('agent.revokeBody')}</p>
        </Card>
      )}
      {token && <TokenDialog token={token} onClose={() => setToken(undefined)} />}
      {revoking && (
        <Confirm title={t('agent.revokeTitle', { name: agent.name })} act={t('agent.revoke')} typed={agent.name} busy={revoke.isPending}
          reason={revoke.error ? explain(revoke.error) : undefined} onConfirm={() => revoke.mutate()} onClose={() => setRevoking(false)}>{t('agent.revokeBody')}</Confirm>
      )}
    </Page>
  );
}

function ConnectionLine({ connection, online }: { readonly connection: ConnectionRow; readonly online: boolean }) {
  const probe = useMutation({ mutationFn: () => api.agents.probe(connection.id) });
  return (
    <div className={layout.stack}>
      <div className={layout.row}>
        <div className={layout.grow}><strong>{connection.name}</strong> <span className={layout.muted}>{tryText(`provider.${connection.provider}`) ?? connection.provider} · {connection.storageOrigin}</span></div>
        {probe.data && (probe.data.ok ? <Badge tone="good" icon={CircleCheck}>{t('probe.ok', { milliseconds: probe.data.milliseconds })}</Badge> : <Badge tone="bad" icon={CircleX}>{t('probe.failed')}</Badge>)}
        <Button busy={probe.isPending} aria-disabled={!online} onClick={() => probe.mutate()}>{t('probe.act')}</Button>
      </div>
      {probe.error && <ErrorBanner reason={explain(probe.error)} />}
      {probe.data && !probe.data.ok && <p>{probe.data.detail ?? probe.data.code}</p>}
    </div>
  );
}
