import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Download, UserX } from 'lucide-react';
import { useState } from 'react';
import { api, explain, isProblem, type Invitation, type OrganizationRole, type PersonView } from '../../api';
import { Badge, Banner, Button, buttonClass, Cancel, Card, Confirm, Dialog, EmptyState, ErrorBanner, layout, Page, PageHead, say, SelectField, Skeleton, Table, When, type Column } from '../../ui';
import { t } from '../../words';
import { useSession } from '../session/session';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { save } from './save';

type Asked = 'role' | 'deactivate' | 'erase' | 'withdraw';
type Way = PersonView['access'][number];

/** One person: what they may, by which way, and what an admin does about them. */
export function PersonPage() {
  const { personId = '' } = useParams({ strict: false });
  const client = useQueryClient();
  const { person: me, organization } = useSession();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['person', personId], queryFn: ({ signal }) => api.people.read(personId, signal) });
  const [asked, setAsked] = useState<Asked | undefined>();
  useTitle(data?.person.name ?? t('nav.people'));
  const changed = async () => {
    setAsked(undefined);
    await client.invalidateQueries({ queryKey: ['person', personId] });
    await client.invalidateQueries({ queryKey: ['people'] });
  };
  const deactivate = useAct({ mutationFn: () => api.people.deactivate(personId), onSuccess: () => changed().then(() => say(t('people.deactivated', { name: data?.person.name ?? '' }))) });
  const reactivate = useAct({ mutationFn: () => api.people.reactivate(personId), onSuccess: () => changed().then(() => say(t('people.reactivated', { name: data?.person.name ?? '' }))) });
  const invite = useAct({ mutationFn: () => api.people.invite(personId), onSuccess: () => changed().then(() => say(t('people.invitedAgain', { name: data?.person.name ?? '' }))) });
  const withdraw = useAct({ mutationFn: () => api.people.withdraw(personId), onSuccess: () => changed().then(() => say(t('people.withdrawn', { name: data?.person.name ?? '' }))) });
  const erase = useAct({ mutationFn: () => api.people.erase(personId, data?.email ?? ''), onSuccess: () => changed().then(() => say(t('people.erased'))) });
  const download = useAct({ mutationFn: () => api.people.export(personId), onSuccess: answer => save(`person-${personId}.json`, 'application/json', JSON.stringify(answer, null, 2)) });

  if (isPending) return <Page><Skeleton width={240} height={20} /><Skeleton width="100%" height={220} /></Page>;
  if (error && !data) {
    return isProblem(error) && error.status === 404
      ? <EmptyState page icon={UserX} title={t('people.unknown')} action={<Link to="/people" className={buttonClass()}>{t('nav.people')}</Link>} />
      : <Trouble page error={error} onRetry={refetch} />;
  }

  const mayChange = data.mayRule && !data.erased;
  const other = personId !== me.id;
  const columns: readonly Column<Way>[] = [
    { key: 'project', head: t('people.project'), width: 200, cell: way => way.project, title: way => way.project },
    { key: 'role', head: t('field.role'), cell: way => t(`role.${way.role}`) },
    { key: 'way', head: t('people.way'), cell: way => way.team ? t('people.byTeam', { team: way.team }) : t('people.byOwnRole') },
    { key: 'since', head: t('field.since'), cell: way => <When at={way.since} /> },
    { key: 'until', head: t('members.until'), cell: way => way.validUntil ? <When at={way.validUntil} /> : t('state.none') },
  ];
  const failed = reactivate.error ?? download.error ?? invite.error;
  return (
    <Page>
      <PageHead title={data.person.name} lead={data.erased ? t('people.erasedLead') : data.email}
        actions={<>
          {!data.erased && <Button icon={Download} busy={download.isPending} onClick={() => download.run()}>{t('people.export')}</Button>}
          {mayChange && <Button onClick={() => setAsked('role')}>{t('people.changeRole')}</Button>}
          {mayChange && data.status === 'invited' && <Button busy={invite.isPending} onClick={() => invite.run()}>{t('people.inviteAgain')}</Button>}
          {mayChange && other && (data.status === 'deactivated'
            ? <Button busy={reactivate.isPending} onClick={() => reactivate.run()}>{t('people.reactivate')}</Button>
            : data.status === 'invited'
            ? <Button onClick={() => setAsked('withdraw')}>{t('people.withdraw')}</Button>
            : <Button onClick={() => setAsked('deactivate')}>{t('people.deactivate')}</Button>)}
          {mayChange && other && <Button kind="danger" onClick={() => setAsked('erase')}>{t('people.erase')}</Button>}
        </>} />
      {failed && <ErrorBanner reason={explain(failed)} />}
      {data.status === 'invited' && <InvitedBanner invitation={data.invitation} />}
      <div className={layout.two}>
        <Card pad title={t('people.about')}>
          <dl className={layout.facts}>
            <dt>{t('people.status')}</dt><dd><Badge tone={data.status === 'active' ? 'good' : 'neutral'}>{t(`memberStatus.${data.status}`)}</Badge></dd>
            <dt>{t('people.organizationRole')}</dt><dd>{t(`organizationRole.${data.role}`)}</dd>
            <dt>{t('field.since')}</dt><dd><When at={data.createdAt} /></dd>
            <dt>{t('people.lastActive')}</dt><dd>{data.lastActiveAt ? <When at={data.lastActiveAt} /> : t('state.none')}</dd>
          </dl>
        </Card>
        <Card pad title={t('people.tabTeams')}>
          {data.teams.length === 0 ? <p className={layout.muted}>{t('people.noTeams')}</p> : <ul>{data.teams.map(team => <li key={team.id}>{team.name}</li>)}</ul>}
        </Card>
      </div>
      <Card>
        <div className={layout.bar}><h2>{t('people.access')}</h2></div>
        {data.access.length === 0
          ? <EmptyState title={t('people.noAccess')} />
          : <Table rows={data.access} columns={columns} id={way => `${way.projectId} ${way.team ?? ''}`} label={t('people.access')} />}
      </Card>
      {asked === 'role' && <ChangeOrganizationRole person={data} own={!other} mayOwner={organization.role === 'owner'} onClose={() => setAsked(undefined)} onChanged={changed} />}
      {asked === 'deactivate' && (
        <Confirm title={t('people.deactivateTitle', { name: data.person.name })} act={t('people.deactivate')} busy={deactivate.isPending} reason={deactivate.error ? explain(deactivate.error) : undefined}
          onConfirm={() => deactivate.run()} onClose={() => setAsked(undefined)}>{t('people.deactivateBody')}</Confirm>
      )}
      {asked === 'withdraw' && (
        <Confirm title={t('people.withdrawTitle', { name: data.person.name })} act={t('people.withdraw')} busy={withdraw.isPending} reason={withdraw.error ? explain(withdraw.error) : undefined}
          onConfirm={() => withdraw.run()} onClose={() => setAsked(undefined)}>{t('people.withdrawBody')}</Confirm>
      )}
      {asked === 'erase' && (
        <Confirm title={t('people.eraseTitle', { name: data.person.name })} act={t('people.erase')} typed={data.email} busy={erase.isPending} reason={erase.error ? explain(erase.error) : undefined}
          onConfirm={() => erase.run()} onClose={() => setAsked(undefined)}>{t('people.eraseBody')}</Confirm>
      )}
    </Page>
  );
}

/** How far the mail is, and what is to be done about it. */
function InvitedBanner({ invitation }: { readonly invitation: Invitation | null }) {
  if (!invitation) return <Banner title={t('people.invitedTitle')}>{t('people.invitedBody')}</Banner>;
  return (
    <Banner tone={invitation.state === 'refused' ? 'bad' : invitation.state === 'expired' ? 'warn' : 'info'} title={t(`invitation.${invitation.state}`)}>
      {t(`invitationBody.${invitation.state}`)} <When at={invitation.expiresAt ?? invitation.at} />
    </Banner>
  );
}

interface ChangeProps { readonly person: PersonView; readonly own: boolean; readonly mayOwner: boolean; readonly onClose: () => void; readonly onChanged: () => Promise<unknown> }

function ChangeOrganizationRole({ person, own, mayOwner, onClose, onChanged }: ChangeProps) {
  const client = useQueryClient();
  const [role, setRole] = useState(person.role);
  const change = useAct({
    mutationFn: () => api.people.changeRole(person.person.id, role),
    onSuccess: async () => {
      say(t('people.roleChanged', { name: person.person.name, role: t(`organizationRole.${role}`) }));
      if (own) await client.invalidateQueries({ queryKey: ['session'] });
      await onChanged();
    },
  });
  const roles: readonly OrganizationRole[] = mayOwner ? ['member', 'admin', 'owner'] : ['member', 'admin'];
  return (
    <Dialog title={t('people.changeRole')} onClose={onClose} onSubmit={() => role !== person.role && change.run()}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={change.isPending} aria-disabled={role === person.role}>{t('people.changeRole')}</Button></>}>
      {change.error && <ErrorBanner reason={explain(change.error)} />}
      <SelectField label={t('people.organizationRole')} value={role} hint={t(`organizationRoleHint.${role}`)} onChange={event => setRole(event.target.value as OrganizationRole)}>
        {roles.map(one => <option key={one} value={one}>{t(`organizationRole.${one}`)}</option>)}
      </SelectField>
      {own && role !== person.role && <Banner tone="warn" title={t('members.ownRole')}>{t('people.ownRoleBody')}</Banner>}
    </Dialog>
  );
}
