import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Pencil, Trash2, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { api, explain, type Member, type ProjectRole } from '../../api';
import { Button, Card, Confirm, EmptyState, IconButton, layout, Pager, say, SearchField, Table, When, type Column } from '../../ui';
import { t, tn } from '../../words';
import { useProject } from '../projects/ProjectFrame';
import { may } from '../projects/queries';
import { useSession } from '../session/session';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { usePages } from '../usePages';
import { useSearchText } from '../useSearchText';
import { useTitle } from '../useTitle';
import { AddMember } from './AddMember';
import { ChangeRole } from './ChangeRole';
import { ProjectTeamsCard } from './ProjectTeamsCard';

const size = 100;
const roles: readonly ProjectRole[] = ['labeler', 'reviewer', 'teamManager', 'projectAdmin'];

/** Managers give the roles below their own; admins all. The control plane decides, this only hides what it refuses. */
const givable = (own: ProjectRole): readonly ProjectRole[] =>
  own === 'projectAdmin' ? roles : own === 'teamManager' ? roles.slice(0, 2) : [];

/** A role of one's own, and the teams that give one. */
const wayOf = (member: Member) => [member.own && t('people.byOwnRole'), ...member.teams.map(team => t('people.byTeam', { team: team.name }))].filter(Boolean).join(', ');

export function Members() {
  const project = useProject();
  const { person: me } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { search } = useSearch({ from: '/signed-in/frame/projects/$projectId/members' });
  const typed = useSearchText(search, text => void navigate({ to: '/projects/$projectId/members', params: { projectId: project.id }, search: text ? { search: text } : {}, replace: true }));
  const { query, rows, total, pager } = usePages(['members', project.id, search ?? ''], (paging, signal) => api.members.list(project.id, { ...paging, search }, signal), { size });
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<Member | undefined>();
  const [removing, setRemoving] = useState<Member | undefined>();
  useTitle(t('tab.members'), project.name);
  const manages = may(project, 'members.manage');
  const offered = givable(project.role);
  const changed = async () => {
    await client.invalidateQueries({ queryKey: ['members', project.id] });
    await client.invalidateQueries({ queryKey: ['candidates', project.id] });
  };
  const remove = useAct({
    mutationFn: (member: Member) => api.members.remove(project.id, member.person.id),
    onSuccess: async (_, member) => {
      setRemoving(undefined);
      say(t('members.removed', { name: member.person.name }));
      if (member.person.id === me.id) await navigate({ to: '/projects' });
      await changed();
    },
  });

  const columns: readonly Column<Member>[] = [
    { key: 'name', head: t('field.name'), width: 160, cell: member => member.person.name, title: member => member.person.name },
    { key: 'role', head: t('field.role'), cell: member => member.role ? t(`role.${member.role}`) : t('members.notNow') },
    { key: 'way', head: t('people.way'), width: 140, cell: wayOf, title: wayOf },
    { key: 'since', head: t('field.since'), cell: member => <When at={member.since} /> },
    { key: 'from', head: t('members.from'), cell: member => member.own?.validFrom ? <When at={member.own.validFrom} /> : t('state.none') },
    { key: 'until', head: t('members.until'), cell: member => member.own?.validUntil ? <When at={member.own.validUntil} /> : t('state.none') },
    ...(manages ? [{
      key: 'controls', head: t('members.controls'), controls: true,
      cell: (member: Member) => member.own && offered.includes(member.own.role) && (
        <>
          <IconButton icon={Pencil} side="left" label={t('members.changeOf', { name: member.person.name })} onClick={() => setChanging(member)} />
          <IconButton icon={Trash2} side="left" label={t('members.remove', { name: member.person.name })} onClick={() => setRemoving(member)} />
        </>
      ),
    }] : []),
  ];
  const add = manages && <Button icon={UserPlus} onClick={() => setAdding(true)}>{t('members.add')}</Button>;
  if (query.error && !rows) return <Card><Trouble error={query.error} onRetry={query.refetch} /></Card>;
  return (
    <div className={layout.stack}>
    <Card>
      <div className={layout.bar}>
        <SearchField label={t('people.searchNames')} value={typed.text} onChange={typed.setText} />
        <span className={layout.grow} />
        <span className={layout.muted} role="status">{total === undefined ? '' : tn('members.count', total)}</span>
        {add}
      </div>
      {rows?.length === 0
        ? search
          ? <EmptyState title={t('state.noMatch')} action={<Button onClick={typed.clear}>{t('act.clearFilter')}</Button>}>{t('members.noMatch', { search })}</EmptyState>
          : <EmptyState icon={Users} title={t('members.none')} action={add} />
        : <Table rows={rows} columns={columns} id={member => member.person.id} label={t('tab.members')} old={query.isPlaceholderData} />}
      <Pager {...pager} total={total} />
      {adding && <AddMember projectId={project.id} offered={offered} onClose={() => setAdding(false)} onAdded={changed} />}
      {changing && <ChangeRole projectId={project.id} member={changing} offered={offered} own={changing.person.id === me.id} onClose={() => setChanging(undefined)} onChanged={changed} />}
      {removing && (
        <Confirm title={t('members.removeTitle', { name: removing.person.name })} act={t('members.removeAct')} busy={remove.isPending}
          reason={remove.error ? explain(remove.error) : undefined} onConfirm={() => remove.run(removing)} onClose={() => {
            setRemoving(undefined);
            remove.reset();
          }}>{removing.person.id === me.id ? t('members.removeSelf') : t('members.removeBody')}</Confirm>
      )}
    </Card>
    <ProjectTeamsCard project={project} offered={offered} onChanged={changed} />
    </div>
  );
}
