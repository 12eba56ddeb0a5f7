import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Archive, ArchiveRestore, Copy, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api, explain, fieldError, type Project, type ProjectConnectionRow } from '../../api';
import { Badge, Button, Cancel, Card, Check, Confirm, Dialog, EmptyState, ErrorBanner, layout, say, Table, TextField, type Column } from '../../ui';
import { figure, t, tryText } from '../../words';
import { managesOrganization, useSession } from '../session/session';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { Anonymization } from './Anonymization';
import { IssuesBlock } from './IssuesBlock';
import { useProject } from './ProjectFrame';
import { projectQuery } from './queries';
import { RequiredFactor } from './RequiredFactor';

type Asked = 'copy' | 'archive' | 'delete';

/** What rules the project as a whole: its storage, copying it, and its end. */
export function Settings() {
  const project = useProject();
  const session = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<Asked | undefined>();
  useTitle(t('tab.settings'), project.name);
  const refresh = async () => {
    setAsked(undefined);
    await client.invalidateQueries({ queryKey: projectQuery(project.id).queryKey });
    await client.invalidateQueries({ queryKey: ['projects'] });
  };
  const archive = useAct({ mutationFn: () => api.projects.archive(project.id), onSuccess: () => refresh().then(() => say(t('settings.archived'))) });
  const restore = useAct({ mutationFn: () => api.projects.restore(project.id), onSuccess: () => refresh().then(() => say(t('settings.restored', { name: project.name }))) });
  const remove = useAct({
    mutationFn: () => api.projects.remove(project.id, project.name),
    onSuccess: async () => {
      say(t('settings.deleted', { name: project.name }));
      await navigate({ to: '/projects' });
      await client.invalidateQueries({ queryKey: ['projects'] });
      await client.invalidateQueries({ queryKey: ['deleted-projects'] });
    },
  });
  return (
    <div className={layout.stack}>
      <Connections project={project} />
      <Anonymization project={project} />
      <IssuesBlock project={project} />
      <RequiredFactor project={project} />
      {managesOrganization(session) && (
        <Card pad title={t('settings.copyTitle')}>
          <p className={layout.muted}>{t('settings.copyBody')}</p>
          <div className={layout.actions}><Button icon={Copy} onClick={() => setAsked('copy')}>{t('settings.copy')}</Button></div>
        </Card>
      )}
      <Card pad title={t('settings.endTitle')}>
        <p className={layout.muted}>{project.archivedAt ? t('settings.archivedBody') : t('settings.archiveBody')}</p>
        {restore.error && <ErrorBanner reason={explain(restore.error)} />}
        <div className={layout.actions}>
          {project.archivedAt
            ? <Button icon={ArchiveRestore} busy={restore.isPending} onClick={() => restore.run()}>{t('settings.restore')}</Button>
            : <Button icon={Archive} onClick={() => setAsked('archive')}>{t('settings.archive')}</Button>}
          <Button kind="danger" icon={Trash2} onClick={() => setAsked('delete')}>{t('settings.delete')}</Button>
        </div>
      </Card>
      {asked === 'copy' && <CopyDialog project={project} onClose={() => setAsked(undefined)} />}
      {asked === 'archive' && (
        <Confirm title={t('settings.archiveTitle', { name: project.name })} act={t('settings.archive')} busy={archive.isPending} reason={archive.error ? explain(archive.error) : undefined}
          onConfirm={() => archive.run()} onClose={() => setAsked(undefined)}>{t('settings.archiveBody')}</Confirm>
      )}
      {asked === 'delete' && (
        <Confirm title={t('settings.deleteTitle', { name: project.name })} act={t('settings.delete')} typed={project.name} busy={remove.isPending} reason={remove.error ? explain(remove.error) : undefined}
          onConfirm={() => remove.run()} onClose={() => setAsked(undefined)}>{t('settings.deleteBody')}</Confirm>
      )}
    </div>
  );
}

function Connections({ project }: { readonly project: Project }) {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: ['project-connections', project.id], queryFn: ({ signal }) => api.projects.connections(project.id, signal) });
  const [withdrawing, setWithdrawing] = useState<ProjectConnectionRow | undefined>();
  const changed = async () => {
    setWithdrawing(undefined);
    await client.invalidateQueries({ queryKey: ['project-connections', project.id] });
    await client.invalidateQueries({ queryKey: projectQuery(project.id).queryKey });
  };
  const admit = useAct({ mutationFn: (row: ProjectConnectionRow) => api.projects.admit(project.id, row.id), onSuccess: changed });
  const withdraw = useAct({ mutationFn: (row: ProjectConnectionRow) => api.projects.withdraw(project.id, row.id), onSuccess: changed });
  const columns: readonly Column<ProjectConnectionRow>[] = [
    { key: 'name', head: t('field.name'), width: 180, cell: row => row.name },
    { key: 'agent', head: t('settings.agent'), width: 160, cell: row => row.agent },
    { key: 'provider', head: t('settings.provider'), cell: row => tryText(`provider.${row.provider}`) ?? row.provider },
    { key: 'assets', head: t('tab.assets'), number: true, cell: row => figure(row.assets) },
    { key: 'state', head: t('people.status'), cell: row => row.admitted ? <Badge tone="good">{t('settings.admitted')}</Badge> : <Badge>{t('settings.notAdmitted')}</Badge> },
    {
      key: 'controls', head: t('members.controls'), controls: true,
      cell: row => row.admitted
        ? <Button aria-label={t('settings.withdrawOf', { name: row.name })} onClick={() => setWithdrawing(row)}>{t('settings.withdraw')}</Button>
        : <Button aria-label={t('settings.admitOf', { name: row.name })} busy={admit.isPending && admit.variables?.id === row.id} onClick={() => admit.run(row)}>{t('settings.admit')}</Button>,
    },
  ];
  if (error && !data) return <Card><Trouble error={error} onRetry={refetch} /></Card>;
  return (
    <Card title={t('project.connections')}>
      <p className={layout.bar}>{data?.mayAdmit === false ? t('settings.connectionsMember') : t('settings.connectionsAdmin')}</p>
      {admit.error && <div className={layout.notice}><ErrorBanner reason={explain(admit.error)} /></div>}
      {data?.items.length === 0 ? <EmptyState title={t('settings.noConnections')} /> : <Table rows={data?.items} columns={columns} id={row => row.id} label={t('project.connections')} />}
      {withdrawing && (
        <Confirm title={t('settings.withdrawOf', { name: withdrawing.name })} act={t('settings.withdraw')} busy={withdraw.isPending} reason={withdraw.error ? explain(withdraw.error) : undefined}
          onConfirm={() => withdraw.run(withdrawing)} onClose={() => setWithdrawing(undefined)}>{t('settings.withdrawBody')}</Confirm>
      )}
    </Card>
  );
}

const parts = ['ontology', 'workflow', 'members', 'connections'] as const;

function CopyDialog({ project, onClose }: { readonly project: Project; readonly onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(t('settings.copyName', { name: project.name }).slice(0, 200));
  const [taken, setTaken] = useState({ ontology: true, workflow: true, members: true, connections: true });
  const copy = useAct({
    mutationFn: () => api.projects.copy(project.id, { name: name.trim(), ...taken }),
    onSuccess: async ({ id, connectionsLeftOut }) => {
      if (connectionsLeftOut.length > 0) say(t('settings.leftOut', { names: connectionsLeftOut.join(', ') }), 'warn');
      await client.invalidateQueries({ queryKey: ['projects'] });
      onClose();
      await navigate({ to: '/projects/$projectId', params: { projectId: id } });
    },
  });
  return (
    <Dialog title={t('settings.copyTitle')} onClose={onClose} onSubmit={() => name.trim() && copy.run()} foot={<><Cancel /><Button kind="primary" type="submit" busy={copy.isPending}>{t('settings.copy')}</Button></>}>
      {copy.error && <ErrorBanner reason={explain(copy.error)} />}
      <TextField label={t('field.name')} maxLength={200} value={name} error={name.trim() ? fieldError(copy.error, 'name') : t('field.required')} onChange={event => setName(event.target.value)} />
      <fieldset className={layout.stack}>
        <legend>{t('settings.copyParts')}</legend>
        {parts.map(part => <Check key={part} label={t(`copyPart.${part}`)} checked={taken[part]} onChange={event => setTaken({ ...taken, [part]: event.target.checked })} />)}
      </fieldset>
    </Dialog>
  );
}
