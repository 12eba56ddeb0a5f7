import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus, Server } from 'lucide-react';
import { useState } from 'react';
import { api, explain, fieldError, type AgentRow, type EnrolmentTokenView } from '../../api';
import { Button, Cancel, Card, Dialog, EmptyState, ErrorBanner, Page, PageHead, Table, TextField, When, type Column } from '../../ui';
import { t } from '../../words';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { agentsQuery } from './agentsQuery';
import { AgentState } from './AgentState';
import { TokenDialog } from './TokenDialog';

export function AgentList() {
  const { data, error, refetch } = useQuery(agentsQuery);
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  useTitle(t('nav.agents'));
  const columns: readonly Column<AgentRow>[] = [
    { key: 'name', head: t('field.name'), width: 180, cell: agent => agent.name, title: agent => agent.name },
    { key: 'state', head: t('agent.state'), cell: agent => <AgentState agent={agent} /> },
    { key: 'version', head: t('agent.version'), cell: agent => agent.version ?? t('state.none') },
    { key: 'connections', head: t('agent.connections'), width: 140, cell: agent => agent.connections.map(one => one.name).join(', ') || t('state.none'), title: agent => agent.connections.map(one => one.name).join(', ') || undefined },
    { key: 'seen', head: t('agent.lastHeard'), cell: agent => agent.lastSeenAt ? <When at={agent.lastSeenAt} /> : t('agent.never') },
  ];
  const create = <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>{t('agent.create')}</Button>;
  if (error && !data) return <Trouble page error={error} onRetry={refetch} />;
  return (
    <Page>
      <PageHead title={t('nav.agents')} lead={t('agent.lead')} actions={data?.items.length !== 0 && create} />
      <Card>
        {data?.items.length === 0
          ? <EmptyState icon={Server} title={t('agent.none')} action={create}>{t('agent.noneBody')}</EmptyState>
          : <Table rows={data?.items} columns={columns} id={agent => agent.id} label={t('nav.agents')} onOpen={agent => void navigate({ to: '/agents/$agentId', params: { agentId: agent.id } })} />}
      </Card>
      {creating && <CreateAgent onClose={() => setCreating(false)} />}
    </Page>
  );
}

function CreateAgent({ onClose }: { readonly onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [asked, setAsked] = useState(false);
  const [token, setToken] = useState<EnrolmentTokenView | undefined>();
  const create = useAct({
    mutationFn: async () => api.agents.token((await api.agents.create(name.trim())).id),
    onSuccess: setToken,
    onSettled: () => client.invalidateQueries({ queryKey: ['agents'] }),
  });
  if (token) return <TokenDialog token={token} onClose={onClose} />;
  return (
    <Dialog title={t('agent.create')} onClose={onClose} loses={name && t('form.loses')}
      onSubmit={() => {
        setAsked(true);
        if (name.trim()) create.run();
      }}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={create.isPending}>{t('agent.createAct')}</Button></>}>
      {create.error && <ErrorBanner reason={explain(create.error)} />}
      <TextField label={t('field.name')} hint={t('agent.nameHint')} maxLength={100} autoComplete="off" value={name} error={asked && !name.trim() ? t('field.required') : fieldError(create.error, 'name')} onChange={event => setName(event.target.value)} />
    </Dialog>
  );
}
