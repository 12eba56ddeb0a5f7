import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, fieldError, type OrganizationRole } from '../../api';
import { Button, Cancel, Dialog, ErrorBanner, say, SelectField, TextField } from '../../ui';
import { t } from '../../words';
import { useSession } from '../session/session';
import { useAct } from '../useAct';

const shortestPassword = 12;

export function AddPerson({ onClose }: { readonly onClose: () => void }) {
  const client = useQueryClient();
  const { organization } = useSession();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [byMail, setByMail] = useState(true);
  const [role, setRole] = useState<OrganizationRole>('member');
  const [asked, setAsked] = useState(false);
  const add = useAct({
    mutationFn: () => api.people.add({ name: name.trim(), email: email.trim(), role, password: byMail ? null : password }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['people'] });
      say(t(byMail ? 'people.invited' : 'people.added', { name: name.trim() }));
      onClose();
    },
  });
  const wrong = (field: string, missing: boolean, text: string) => asked && missing ? text : fieldError(add.error, field);
  const emailOff = !/^\S+@\S+$/.test(email.trim());
  const roles: readonly OrganizationRole[] = organization.role === 'owner' ? ['member', 'admin', 'owner'] : ['member', 'admin'];
  return (
    <Dialog title={t('people.add')} onClose={onClose} loses={(name || email || password) && t('form.loses')}
      onSubmit={() => {
        setAsked(true);
        if (name.trim() && !emailOff && (byMail || password.length >= shortestPassword)) add.run();
      }}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={add.isPending}>{t('people.add')}</Button></>}>
      {add.error && <ErrorBanner reason={explain(add.error)} />}
      <TextField label={t('field.name')} autoComplete="off" maxLength={200} value={name} error={wrong('name', !name.trim(), t('field.required'))} onChange={event => setName(event.target.value)} />
      <TextField label={t('field.email')} type="email" autoComplete="off" maxLength={256} value={email} error={wrong('email', emailOff, t('signIn.emailWrong'))} onChange={event => setEmail(event.target.value)} />
      <SelectField label={t('people.comesIn')} value={byMail ? 'mail' : 'password'} hint={byMail ? t('people.byMailHint') : undefined} onChange={event => setByMail(event.target.value === 'mail')}>
        <option value="mail">{t('people.byMail')}</option>
        <option value="password">{t('people.byPassword')}</option>
      </SelectField>
      {!byMail && <TextField label={t('people.password')} type="password" autoComplete="new-password" maxLength={1024} value={password} hint={t('people.passwordHint')}
        error={wrong('password', password.length < shortestPassword, t('people.passwordShort'))} onChange={event => setPassword(event.target.value)} />}
      <SelectField label={t('field.role')} value={role} hint={t(`organizationRoleHint.${role}`)} onChange={event => setRole(event.target.value as OrganizationRole)}>
        {roles.map(one => <option key={one} value={one}>{t(`organizationRole.${one}`)}</option>)}
      </SelectField>
    </Dialog>
  );
}
