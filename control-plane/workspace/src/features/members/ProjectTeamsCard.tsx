import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Pencil, Trash2, Users } from 'lucide-react';
import { useState } from 'react';
import { api, explain, type Project, type ProjectRole, type ProjectTeams } from '../../api';
import { Button, Cancel, Card, Confirm, Dialog, EmptyState, ErrorBanner, IconButton, say, SelectField, Table, When, type Column } from '../../ui';
import { figure, t } from '../../words';
import { may } from '../projects/queries';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';

type Row = ProjectTeams['items'][number];

/** The teams of a project: everybody in one has at least its role. */
export function ProjectTeamsCard({ project, offered, onChanged }: { readonly project: Project; readonly offered: readonly ProjectRole[]; readonly onChanged: () => Promise<unknown> }) {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: ['project-teams', project.id], queryFn: ({ signal }) => api.members.teams(project.id, signal) });
  const [giving, setGiving] = useState<Row | 'new' | undefined>();
  const [removing, setRemoving] = useState<Row | undefined>();
  const manages = may(project, 'members.manage');
  const changed = async () => {
    await client.invalidateQueries({ queryKey: ['project-teams', project.id] });
    await onChanged();
  };
  const remove = useAct({
    mutationFn: (team: Row) => api.members.removeTeam(project.id, team.teamId),
    onSuccess: async (_, team) => {
      setRemoving(undefined);
      say(t('members.removed', { name: team.name }));
      await changed();
    },
  });
  const columns: readonly Column<Row>[] = [
    { key: 'name', head: t('field.name'), width: 200, cell: team => team.name, title: team => team.name },
    { key: 'role', head: t('field.role'), cell: team => t(`role.${team.role}`) },
    { key: 'people', head: t('nav.people'), number: true, cell: team => figure(team.people) },
    { key: 'since', head: t('field.since'), cell: team => <When at={team.since} /> },
    ...(manages ? [{
      key: 'controls', head: t('members.controls'), controls: true,
      cell: (team: Row) => offered.includes(team.role) && <>
        <IconButton icon={Pencil} side="left" label={t('members.changeOf', { name: team.name })} onClick={() => setGiving(team)} />
        <IconButton icon={Trash2} side="left" label={t('members.remove', { name: team.name })} onClick={() => setRemoving(team)} />
      </>,
    }] : []),
  ];
  if (error && !data) return <Card><Trouble error={error} onRetry={refetch} /></Card>;
  const add = manages && <Button icon={Users} onClick={() => setGiving('new')}>{t('members.addTeam')}</Button>;
  return (
    <Card title={t('people.tabTeams')} actions={add}>
      {data?.items.length === 0 ? <EmptyState title={t('members.noTeams')}>{t('members.noTeamsBody')}</EmptyState> : <Table rows={data?.items} columns={columns} id={team => team.teamId} label={t('people.tabTeams')} />}
      {giving && data && <GiveRole projectId={project.id} team={giving === 'new' ? undefined : giving} candidates={data.candidates} offered={offered} onClose={() => setGiving(undefined)} onChanged={changed} />}
      {removing && (
        <Confirm title={t('members.removeTitle', { name: removing.name })} act={t('members.removeAct')} busy={remove.isPending} reason={remove.error ? explain(remove.error) : undefined}
          onConfirm={() => remove.run(removing)} onClose={() => {
            setRemoving(undefined);
            remove.reset();
          }}>{t('members.removeTeamBody')}</Confirm>
      )}
    </Card>
  );
}

interface GiveProps {
  readonly projectId: string;
  readonly team: Row | undefined;
  readonly candidates: ProjectTeams['candidates'];
  readonly offered: readonly ProjectRole[];
  readonly onClose: () => void;
  readonly onChanged: () => Promise<unknown>;
}

function GiveRole({ projectId, team, candidates, offered, onClose, onChanged }: GiveProps) {
  const [teamId, setTeamId] = useState(team?.teamId ?? candidates[0]?.teamId ?? '');
  const [role, setRole] = useState<ProjectRole>(team?.role ?? 'labeler');
  const give = useAct({
    mutationFn: () => api.members.putTeam(projectId, teamId, role),
    onSuccess: async () => {
      await onChanged();
      onClose();
    },
  });
  return (
    <Dialog title={team ? t('members.changeOf', { name: team.name }) : t('members.addTeam')} onClose={onClose} onSubmit={() => teamId && give.run()}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={give.isPending} disabled={!teamId}>{team ? t('members.changeAct') : t('members.addTeam')}</Button></>}>
      {give.error && <ErrorBanner reason={explain(give.error)} />}
      {!team && candidates.length === 0 && <p>{t('members.noTeamsLeft')}</p>}
      {!team && candidates.length > 0 && (
        <SelectField label={t('many.team')} value={teamId} onChange={event => setTeamId(event.target.value)}>
          {candidates.map(one => <option key={one.teamId} value={one.teamId}>{one.name}</option>)}
        </SelectField>
      )}
      <SelectField label={t('field.role')} value={role} hint={t(`roleHint.${role}`)} onChange={event => setRole(event.target.value as ProjectRole)}>
        {offered.map(one => <option key={one} value={one}>{t(`role.${one}`)}</option>)}
      </SelectField>
    </Dialog>
  );
}
