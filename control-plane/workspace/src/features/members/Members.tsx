import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { api, explain, fieldError, type Member, type PersonRef, type ProjectRole } from '../../api';
import { Button, Card, CompactSelect, Confirm, Dialog, EmptyState, ErrorBanner, ErrorState, IconButton, layout, say, SelectField, SkeletonRows, Table, When, type Column } from '../../ui';
import { t, tn } from '../../words';
import { useProject } from '../projects/ProjectFrame';
import { may } from '../projects/queries';

const roles: readonly ProjectRole[] = ['labeler', 'reviewer', 'teamManager', 'projectAdmin'];

/** Managers give the roles below their own; admins all. The control plane decides, this only hides what it refuses. */
const givable = (own: ProjectRole): readonly ProjectRole[] =>
  own === 'projectAdmin' ? roles : own === 'teamManager' ? roles.slice(0, 2) : [];

export function Members() {
  const project = useProject();
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['members', project.id], queryFn: ({ signal }) => api.members.list(project.id, signal) });
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Member | undefined>();
  const manages = may(project, 'members.manage');
  const offered = givable(project.role);
  const changed = () => client.invalidateQueries({ queryKey: ['members', project.id] });
  const change = useMutation({
    mutationFn: ({ member, role }: { member: Member; role: ProjectRole }) => api.members.change(project.id, member.person.id, role),
    onSuccess: (_, { member, role }) => {
      say(t('members.changed', { name: member.person.name, role: t(`role.${role}`) }));
      return changed();
    },
  });
  const remove = useMutation({
    mutationFn: (member: Member) => api.members.remove(project.id, member.person.id),
    onSuccess: (_, member) => {
      setRemoving(undefined);
      say(t('members.removed', { name: member.person.name }));
      return changed();
    },
  });

  const columns: readonly Column<Member>[] = [
    { key: 'name', head: t('field.name'), cell: member => member.person.name },
    {
      key: 'role', head: t('field.role'), cell: member => manages && offered.includes(member.role)
        ? <CompactSelect label={t('members.roleOf', { name: member.person.name })} value={member.role} style={{ width: 160 }}
            onChange={event => change.mutate({ member, role: event.target.value as ProjectRole })}>
            {offered.map(role => <option key={role} value={role}>{t(`role.${role}`)}</option>)}
          </CompactSelect>
        : t(`role.${member.role}`),
    },
    { key: 'since', head: t('field.since'), cell: member => <When at={member.since} /> },
    ...(manages ? [{
      key: 'controls', head: t('members.controls'), controls: true,
      cell: (member: Member) => offered.includes(member.role) && <IconButton icon={Trash2} side="left" label={t('members.remove', { name: member.person.name })} onClick={() => setRemoving(member)} />,
    }] : []),
  ];
  const add = manages && <Button kind="primary" icon={UserPlus} onClick={() => setAdding(true)}>{t('members.add')}</Button>;
  return (
    <Card>
      <div className={layout.bar}><span className={layout.muted}>{data ? tn('members.count', data.items.length) : ''}</span><span className={layout.grow} />{add}</div>
      {change.error && <ErrorBanner reason={explain(change.error)} />}
      {isPending && <SkeletonRows rows={4} widths={[160, 200, 120]} />}
      {error && <ErrorState reason={explain(error)} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && <EmptyState icon={Users} title={t('members.none')} action={add} />}
      {data && data.items.length > 0 && <Table rows={data.items} columns={columns} id={member => member.person.id} label={t('tab.members')} />}
      {adding && <AddMember projectId={project.id} givable={offered} candidates={data?.candidates ?? []} onClose={() => setAdding(false)} onAdded={changed} />}
      {removing && (
        <Confirm title={t('members.removeTitle', { name: removing.person.name })} act={t('members.removeAct')} busy={remove.isPending}
          reason={remove.error ? explain(remove.error) : undefined} onConfirm={() => remove.mutate(removing)} onClose={() => {
            setRemoving(undefined);
            remove.reset();
          }}>{t('members.removeBody')}</Confirm>
      )}
    </Card>
  );
}

interface AddProps {
  readonly projectId: string;
  readonly givable: readonly ProjectRole[];
  readonly candidates: readonly PersonRef[];
  readonly onClose: () => void;
  readonly onAdded: () => Promise<unknown>;
}

function AddMember({ projectId, givable: offered, candidates, onClose, onAdded }: AddProps) {
  const [personId, setPersonId] = useState('');
  const [role, setRole] = useState<ProjectRole>('labeler');
  const add = useMutation({
    mutationFn: () => api.members.add(projectId, { personId, role }),
    onSuccess: async () => {
      await onAdded();
      say(t('members.added'));
      onClose();
    },
  });
  return (
    <Dialog title={t('members.add')} onClose={onClose} onSubmit={() => personId && !add.isPending && add.mutate()}
      foot={<><Button onClick={onClose}>{t('act.cancel')}</Button><Button kind="primary" type="submit" busy={add.isPending} aria-disabled={!personId}>{t('members.add')}</Button></>}>
      {add.error && <ErrorBanner reason={explain(add.error)} />}
      <SelectField label={t('members.person')} value={personId} autoFocus error={fieldError(add.error, 'personId')} hint={candidates.length === 0 ? t('members.everyoneIsIn') : undefined} onChange={event => setPersonId(event.target.value)}>
        <option value="">{t('members.choose')}</option>
        {candidates.map(person => <option key={person.id} value={person.id}>{person.name}</option>)}
      </SelectField>
      <SelectField label={t('field.role')} value={role} hint={t(`roleHint.${role}`)} onChange={event => setRole(event.target.value as ProjectRole)}>
        {offered.map(one => <option key={one} value={one}>{t(`role.${one}`)}</option>)}
      </SelectField>
    </Dialog>
  );
}
