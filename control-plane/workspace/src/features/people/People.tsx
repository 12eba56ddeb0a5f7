import { useMutation, useQueryClient } from '@tanstack/react-query';
import { UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { api, explain, fieldError, type OrganizationRole, type PersonRow } from '../../api';
import { Button, Card, Dialog, EmptyState, ErrorBanner, ErrorState, Page, PageHead, Pager, say, SelectField, SkeletonRows, Table, TextField, When, type Column } from '../../ui';
import { figure, t } from '../../words';
import { useSession } from '../session/session';
import { usePages } from '../usePages';
import { useTitle } from '../useTitle';

export function People() {
  const { query, rows, page, hasNext, go } = usePages(['people'], (after, signal) => api.people.list({ after, limit: 100 }, signal));
  const [adding, setAdding] = useState(false);
  useTitle(t('nav.people'));
  const columns: readonly Column<PersonRow>[] = [
    { key: 'name', head: t('field.name'), cell: row => row.person.name, title: row => row.person.name },
    { key: 'email', head: t('field.email'), cell: row => row.email, title: row => row.email },
    { key: 'role', head: t('field.role'), cell: row => t(`organizationRole.${row.role}`) },
    { key: 'projects', head: t('nav.projects'), number: true, cell: row => figure(row.projects) },
    { key: 'since', head: t('field.since'), cell: row => <When at={row.createdAt} /> },
  ];
  const add = <Button kind="primary" icon={UserPlus} onClick={() => setAdding(true)}>{t('people.add')}</Button>;
  return (
    <Page>
      <PageHead title={t('nav.people')} lead={t('people.lead')} actions={add} />
      <Card>
        {query.isPending && <SkeletonRows rows={6} widths={[160, 220, 80]} />}
        {query.error && <ErrorState reason={explain(query.error)} onRetry={() => void query.refetch()} />}
        {query.data && rows.length === 0 && <EmptyState icon={Users} title={t('people.none')} action={add} />}
        {rows.length > 0 && <Table rows={rows} columns={columns} id={row => row.person.id} label={t('nav.people')} />}
        <Pager page={page} hasNext={hasNext} onPage={go} />
      </Card>
      {adding && <AddPerson onClose={() => setAdding(false)} />}
    </Page>
  );
}

const shortestPassword = 12;

function AddPerson({ onClose }: { readonly onClose: () => void }) {
  const client = useQueryClient();
  const { organization } = useSession();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<OrganizationRole>('member');
  const [asked, setAsked] = useState(false);
  const add = useMutation({
    mutationFn: () => api.people.add({ name: name.trim(), email: email.trim(), role, password }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['people'] });
      say(t('people.added', { name: name.trim() }));
      onClose();
    },
  });
  const wrong = (field: string, missing: boolean, text: string) => asked && missing ? text : fieldError(add.error, field);
  const emailOff = !/^\S+@\S+$/.test(email.trim());
  const roles: readonly OrganizationRole[] = organization.role === 'owner' ? ['member', 'admin', 'owner'] : ['member', 'admin'];
  return (
    <Dialog title={t('people.add')} onClose={onClose}
      onSubmit={() => {
        setAsked(true);
        if (name.trim() && !emailOff && password.length >= shortestPassword && !add.isPending) add.mutate();
      }}
      foot={<><Button onClick={onClose}>{t('act.cancel')}</Button><Button kind="primary" type="submit" busy={add.isPending}>{t('people.add')}</Button></>}>
      {add.error && <ErrorBanner reason={explain(add.error)} />}
      <TextField label={t('field.name')} autoFocus autoComplete="off" value={name} error={wrong('name', !name.trim(), t('field.required'))} onChange={event => setName(event.target.value)} />
      <TextField label={t('field.email')} type="email" autoComplete="off" value={email} error={wrong('email', emailOff, t('signIn.emailWrong'))} onChange={event => setEmail(event.target.value)} />
      <TextField label={t('people.password')} type="password" autoComplete="new-password" value={password} hint={t('people.passwordHint')}
        error={wrong('password', password.length < shortestPassword, t('people.passwordShort'))} onChange={event => setPassword(event.target.value)} />
      <SelectField label={t('field.role')} value={role} hint={t(`organizationRoleHint.${role}`)} onChange={event => setRole(event.target.value as OrganizationRole)}>
        {roles.map(one => <option key={one} value={one}>{t(`organizationRole.${one}`)}</option>)}
      </SelectField>
    </Dialog>
  );
}
