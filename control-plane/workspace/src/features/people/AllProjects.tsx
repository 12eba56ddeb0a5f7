import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ShieldPlus, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { api, explain, type OverseenProject } from '../../api';
import { Badge, Button, Cancel, Card, Confirm, Dialog, EmptyState, ErrorBanner, IconButton, layout, Pager, say, SearchField, Skeleton, Table, When, type Column } from '../../ui';
import { figure, t, tn } from '../../words';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { usePages } from '../usePages';
import { useTitle } from '../useTitle';

/** What an organization admin sees of projects: that they exist, and who is in them. No asset, no label. */
export function AllProjects() {
  const client = useQueryClient();
  const [search, setSearch] = useState('');
  const { query, rows, total, pager } = usePages(['all-projects', search.trim()], (paging, signal) => api.organization.projects({ ...paging, search: search.trim() }, signal), { size: 100 });
  const [opened, setOpened] = useState<OverseenProject | undefined>();
  const [taking, setTaking] = useState<OverseenProject | undefined>();
  useTitle(t('people.tabProjects'));
  const take = useAct({
    mutationFn: (project: OverseenProject) => api.organization.takeAdmin(project.id),
    onSuccess: async (_, project) => {
      setTaking(undefined);
      say(t('oversight.taken', { name: project.name }));
      await client.invalidateQueries({ queryKey: ['all-projects'] });
      await client.invalidateQueries({ queryKey: ['projects'] });
    },
  });
  const columns: readonly Column<OverseenProject>[] = [
    { key: 'name', head: t('field.name'), width: 220, cell: project => project.name, title: project => project.name },
    { key: 'state', head: t('people.status'), cell: project => project.deletedAt ? <Badge tone="bad">{t('oversight.deleted')}</Badge> : project.archivedAt ? <Badge>{t('project.archived')}</Badge> : t('oversight.active') },
    { key: 'members', head: t('tab.members'), number: true, cell: project => figure(project.members) },
    { key: 'role', head: t('oversight.ownRole'), cell: project => project.role ? t(`role.${project.role}`) : t('role.none') },
    { key: 'since', head: t('field.since'), cell: project => <When at={project.createdAt} /> },
    {
      key: 'controls', head: t('members.controls'), controls: true,
      cell: project => <>
        <IconButton icon={UsersRound} side="left" label={t('oversight.membersOf', { name: project.name })} onClick={() => setOpened(project)} />
        {project.role !== 'projectAdmin' && <IconButton icon={ShieldPlus} side="left" label={t('oversight.takeOf', { name: project.name })} onClick={() => setTaking(project)} />}
      </>,
    },
  ];
  if (query.error && !rows) return <Card><Trouble error={query.error} onRetry={query.refetch} /></Card>;
  return (
    <Card>
      <div className={layout.bar}>
        <SearchField label={t('projects.filter')} value={search} onChange={setSearch} />
        <span className={layout.grow} />
        <span className={layout.muted} role="status">{total === undefined ? '' : tn('projects.count', total)}</span>
      </div>
      {rows?.length === 0
        ? search.trim() ? <EmptyState title={t('state.noMatch')} action={<Button onClick={() => setSearch('')}>{t('act.clearFilter')}</Button>} /> : <EmptyState title={t('projects.none')} />
        : <Table rows={rows} columns={columns} id={project => project.id} label={t('people.tabProjects')} old={query.isPlaceholderData} />}
      <Pager {...pager} total={total} />
      {opened && <MembersOf project={opened} onClose={() => setOpened(undefined)} />}
      {taking && (
        <Confirm title={t('oversight.takeTitle', { name: taking.name })} act={t('oversight.take')} busy={take.isPending} reason={take.error ? explain(take.error) : undefined}
          onConfirm={() => take.run(taking)} onClose={() => {
            setTaking(undefined);
            take.reset();
          }}>{t('oversight.takeBody')}</Confirm>
      )}
    </Card>
  );
}

function MembersOf({ project, onClose }: { readonly project: OverseenProject; readonly onClose: () => void }) {
  const { data, error, isPending } = useQuery({ queryKey: ['all-projects', project.id, 'members'], queryFn: ({ signal }) => api.organization.members(project.id, { limit: 200 }, signal) });
  return (
    <Dialog title={t('oversight.membersOf', { name: project.name })} onClose={onClose} foot={<Cancel>{t('act.close')}</Cancel>}>
      {error && <ErrorBanner reason={explain(error)} />}
      {isPending && <Skeleton width={240} height={12} />}
      {data && <p className={layout.muted}>{tn('members.count', data.total ?? data.items.length)}</p>}
      <ul className={layout.stack} aria-label={t('tab.members')}>{data?.items.map(member => (
        <li key={member.person.id} className={layout.row}>
          <span>{member.person.name}</span>
          <span className={layout.muted}>{member.role ? t(`role.${member.role}`) : t('members.notNow')}{member.teams.length > 0 && ` · ${member.teams.map(team => team.name).join(', ')}`}</span>
        </li>
      ))}</ul>
    </Dialog>
  );
}
