import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { CircleCheck, CircleX, KeyRound, Plug, ServerOff, ShieldAlert, ShieldX } from 'lucide-react';
import { useState } from 'react';
import { api, explain, type ConnectionRow, type EnrolmentTokenView } from '../../api';
import { Badge, Banner, Button, buttonClass, Card, Confirm, CopyBlock, EmptyState, ErrorBanner, layout, Page, PageHead, say, Skeleton, When } from '../../ui';
import { t, tryText } from '../../words';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { agentsQuery } from './agentsQuery';
import { AgentState } from './AgentState';
import css from './Agents.module.css';
import { agentCommands } from './commands';
import { TokenDialog } from './TokenDialog';

export function AgentPage() {
  const { agentId = '' } = useParams({ strict: false });
  const client = useQueryClient();
  const { data: agent, error, isPending, refetch } = useQuery({ ...agentsQuery, select: page => page.items.find(one => one.id === agentId) });
  const [token, setToken] = useState<EnrolmentTokenView | undefined>();
  const [revoking, setRevoking] = useState(false);
  useTitle(agent?.name, t('nav.agents'));
  const issue = useAct({ mutationFn: () => api.agents.token(agentId), onSuccess: setToken });
  const revoke = useAct({
    mutationFn: () => api.agents.revoke(agentId),
    onSuccess: async () => {
      setRevoking(false);
      say(t('agent.revokedDone'));
      await client.invalidateQueries({ queryKey: ['agents'] });
    },
  });
  if (isPending) return <Page><Skeleton width={240} height={28} /><div className={layout.two}><Skeleton width="100%" height={160} /><Skeleton width="100%" height={160} /></div><Skeleton width="100%" height={92} /></Page>;
  if (error && !agent) return <Trouble page error={error} onRetry={refetch} />;
  if (!agent) return <EmptyState page icon={ServerOff} title={t('agent.unknown')} action={<Link to="/agents" className={buttonClass()}>{t('nav.agents')}</Link>} />;
  const revoked = agent.revokedAt !== null;
  return (
    <Page>
      <PageHead title={agent.name} actions={!revoked && <Button icon={KeyRound} busy={issue.isPending} onClick={() => issue.run()}>{t('agent.newToken')}</Button>} />
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
      <Card>
        <h2 className={css.head}>{t('agent.connections')}</h2>
        {agent.connections.length === 0 && <EmptyState icon={Plug} title={t('agent.noConnections')}>{t('agent.noConnectionsBody')}</EmptyState>}
        {agent.connections.map(connection => <ConnectionLine key={connection.id} connection={connection} online={agent.online} />)}
      </Card>
      {!revoked && (
        <Card pad title={t('agent.commands')}>
          <p className={layout.muted}>{t('agent.commandsBody')}</p>
          {([['agent.commandRun', agentCommands.run], ['agent.commandCheck', agentCommands.check], ['agent.commandLog', agentCommands.verifyLog]] as const).map(([what, command]) => (
            <div key={what} className={css.step}><p>{t(what)}</p><CopyBlock label={t(what)} text={command} /></div>
          ))}
        </Card>
      )}
      {!revoked && (
        <Card pad title={t('agent.revoke')} actions={<Button kind="danger" icon={ShieldX} onClick={() => setRevoking(true)}>{t('agent.revoke')}</Button>}>
          <p className={layout.muted}>{t('agent.revokeBody')}</p>
        </Card>
      )}
      {token && <TokenDialog token={token} onClose={() => setToken(undefined)} />}
      {revoking && (
        <Confirm title={t('agent.revokeTitle', { name: agent.name })} act={t('agent.revoke')} typed={agent.name} busy={revoke.isPending}
          reason={revoke.error ? explain(revoke.error) : undefined} onConfirm={() => revoke.run()} onClose={() => setRevoking(false)}>{t('agent.revokeBody')}</Confirm>
      )}
    </Page>
  );
}

function ConnectionLine({ connection, online }: { readonly connection: ConnectionRow; readonly online: boolean }) {
  const probe = useAct({ mutationFn: () => api.agents.probe(connection.id) });
  const place = [tryText(`provider.${connection.provider}`) ?? connection.provider, tryText(`delivery.${connection.delivery}`) ?? connection.delivery, connection.storageOrigin].join(' · ');
  return (
    <div className={css.connection}>
      <div className={css.line}>
        <div className={css.name} title={`${connection.name} · ${place}`}><strong>{connection.name}</strong><span className={layout.muted}>{place}</span></div>
        <span role="status">{probe.data && (probe.data.ok
          ? <Badge tone="good" icon={CircleCheck}>{probe.data.milliseconds < 1 ? t('probe.okAtOnce') : t('probe.ok', { milliseconds: probe.data.milliseconds })}</Badge>
          : <Badge tone="bad" icon={CircleX}>{t('probe.failed')}</Badge>)}</span>
        <Button busy={probe.isPending} aria-disabled={!online} title={online ? undefined : t('probe.away')} onClick={() => probe.run()}>{t('probe.act')}</Button>
      </div>
      {connection.weaknesses.map(code => <p key={code} className={layout.muted}><Badge tone="warn" icon={ShieldAlert}>{t('agent.weaker')}</Badge> {tryText(`weakness.${code}`) ?? t('error.code', { code })}</p>)}
      {probe.error && <ErrorBanner reason={explain(probe.error)} />}
      {probe.data && !probe.data.ok && (
        <Banner tone="bad" title={t('probe.failedTitle')}>{probe.data.detail} {probe.data.code && <span className={layout.muted}>{t('error.code', { code: probe.data.code })}</span>}</Banner>
      )}
    </div>
  );
}
