import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus, Server } from 'lucide-react';
import { useState } from 'react';
import { api, explain, fieldError, type AgentRow, type EnrolmentTokenView } from '../../api';
import { Button, Card, Dialog, EmptyState, ErrorBanner, ErrorState, Page, PageHead, SkeletonRows, Table, TextField, When, type Column } from '../../ui';
import { t } from '../../words';
import { useTitle } from '../useTitle';
import { agentsQuery } from './agentsQuery';
import { AgentState } from './AgentState';
import { TokenDialog } from './TokenDialog';

export function AgentList() {
  const { data, error, isPending, refetch } = useQuery(agentsQuery);
  const [creating, setCreating] = useState(false);
  useTitle(t('nav.agents'));
  const columns: readonly Column<AgentRow>[] = [
    { key: 'name', head: t('field.name'), cell: agent => <Link to="/agents/$agentId" params={{ agentId: agent.id }}>{agent.name}</Link> },
    { key: 'state', head: t('agent.state'), cell: agent => <AgentState agent={agent} /> },
    { key: 'version', head: t('agent.version'), cell: agent => agent.version ?? t('state.none') },
    { key: 'seen', head: t('agent.lastHeard'), cell: agent => agent.lastSeenAt ? <When at={agent.lastSeenAt} /> : t('agent.never') },
  ];
  const create = <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>{t('agent.create')}</Button>;
  return (
    <Page>
      <PageHead title={t('nav.agents')} lead={t('agent.lead')} actions={create} />
      <Card>
        {isPending && <SkeletonRows rows={3} widths={[160, 100, 80, 120]} />}
        {error && <ErrorState reason={explain(error)} onRetry={() => void refetch()} />}
        {data?.items.length === 0 && <EmptyState icon={Server} title={t('agent.none')} action={create}>{t('agent.noneBody')}</EmptyState>}
        {data && data.items.length > 0 && <Table rows={data.items} columns={columns} id={agent => agent.id} label={t('nav.agents')} />}
      </Card>
      {creating && <CreateAgent onClose={() => setCreating(false)} />}
    </Page>
  );
}

function CreateAgent({ onClose }: { readonly onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [token, setToken] = useState<EnrolmentTokenView | undefined>();
  const create = useMutation({
    mutationFn: async () => api.agents.token((await api.agents.create(name.trim())).id),
    onSuccess: setToken,
    onSettled: () => client.invalidateQueries({ queryKey: ['agents'] }),
  });
  if (token) return <TokenDialog token={token} onClose={onClose} />;
  return (
    <Dialog title={t('agent.create')} onClose={onClose} onSubmit={() => name.trim() && !create.isPending && create.mutate()}
      foot={<><Button onClick={onClose}>{t('act.cancel')}</Button><Button kind="primary" type="submit" busy={create.isPending} aria-disabled={!name.trim()}>{t('agent.createAct')}</Button></>}>
      {create.error && <ErrorBanner reason={explain(create.error)} />}
      <TextField label={t('field.name')} hint={t('agent.nameHint')} autoFocus maxLength={100} value={name} error={fieldError(create.error, 'name')} onChange={event => setName(event.target.value)} />
    </Dialog>
  );
}
