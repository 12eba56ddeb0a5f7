import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { api, explain, fieldError, type Member, type PersonRow, type ProjectRole } from '../../api';
import { Button, Card, CompactSelect, Confirm, Dialog, EmptyState, ErrorBanner, ErrorState, IconButton, layout, say, SelectField, SkeletonRows, Table, TextField, type Column } from '../../ui';
import { t, tn } from '../../words';
import { useProject } from '../projects/ProjectFrame';
import { may } from '../projects/queries';
import { managesOrganization, useSession } from '../session/session';

const roles: readonly ProjectRole[] = ['labeler', 'reviewer', 'teamManager', 'projectAdmin'];

/** Managers give the roles below their own; admins all. The control plane decides, this only hides what it refuses. */
const givable = (own: ProjectRole | null, organizationAdmin: boolean): readonly ProjectRole[] =>
  own === 'projectAdmin' || organizationAdmin ? roles : own === 'teamManager' ? roles.slice(0, 2) : [];

export function Members() {
  const project = useProject();
  const session = useSession();
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['members', project.id], queryFn: ({ signal }) => api.members.list(project.id, signal) });
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Member | undefined>();
  const manages = may(project, 'members.manage');
  const offered = givable(project.role, managesOrganization(session));
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
    { key: 'email', head: t('field.email'), cell: member => member.email ?? t('state.none') },
    {
      key: 'role', head: t('field.role'), cell: member => manages && offered.includes(member.role)
        ? <CompactSelect label={t('members.roleOf', { name: member.person.name })} value={member.role} style={{ width: 160 }}
            onChange={event => change.mutate({ member, role: event.target.value as ProjectRole })}>
            {offered.map(role => <option key={role} value={role}>{t(`role.${role}`)}</option>)}
          </CompactSelect>
        : t(`role.${member.role}`),
    },
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
      {adding && <AddMember projectId={project.id} givable={offered} present={data?.items ?? []} listsPeople={managesOrganization(session)} onClose={() => setAdding(false)} onAdded={changed} />}
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
  readonly present: readonly Member[];
  readonly listsPeople: boolean;
  readonly onClose: () => void;
  readonly onAdded: () => Promise<unknown>;
}

function AddMember({ projectId, givable: offered, present, listsPeople, onClose, onAdded }: AddProps) {
  const people = useQuery({ queryKey: ['people', 'all'], queryFn: ({ signal }) => everyone(signal), enabled: listsPeople });
  const [personId, setPersonId] = useState('');
  const [role, setRole] = useState<ProjectRole>('labeler');
  const add = useMutation({
    mutationFn: () => api.members.add(projectId, { personId: personId.trim(), role }),
    onSuccess: async () => {
      await onAdded();
      say(t('members.added'));
      onClose();
    },
  });
  const there = new Set(present.map(member => member.person.id));
  const missing = people.data?.filter(person => !there.has(person.id)) ?? [];
  return (
    <Dialog title={t('members.add')} onClose={onClose} onSubmit={() => personId && !add.isPending && add.mutate()}
      foot={<><Button onClick={onClose}>{t('act.cancel')}</Button><Button kind="primary" type="submit" busy={add.isPending} aria-disabled={!personId}>{t('members.add')}</Button></>}>
      {(add.error ?? people.error) && <ErrorBanner reason={explain(add.error ?? people.error)} />}
      {listsPeople
        ? <SelectField label={t('members.person')} value={personId} autoFocus error={fieldError(add.error, 'personId')} hint={people.data && missing.length === 0 ? t('members.everyoneIsIn') : undefined} onChange={event => setPersonId(event.target.value)}>
            <option value="">{people.isPending ? t('state.loading') : t('members.choose')}</option>
            {missing.map(person => <option key={person.id} value={person.id}>{t('members.option', { name: person.name, email: person.email })}</option>)}
          </SelectField>
        : <TextField label={t('members.personId')} hint={t('members.personIdHint')} value={personId} autoFocus error={fieldError(add.error, 'personId')} onChange={event => setPersonId(event.target.value)} />}
      <SelectField label={t('field.role')} value={role} hint={t(`roleHint.${role}`)} onChange={event => setRole(event.target.value as ProjectRole)}>
        {offered.map(one => <option key={one} value={one}>{t(`role.${one}`)}</option>)}
      </SelectField>
    </Dialog>
  );
}

async function everyone(signal: AbortSignal): Promise<readonly PersonRow[]> {
  const all: PersonRow[] = [];
  for (let after: string | undefined, more = true; more;) {
    const page = await api.people.list({ after, limit: 200 }, signal);
    all.push(...page.items);
    after = page.next ?? undefined;
    more = after !== undefined;
  }
  return all;
}
