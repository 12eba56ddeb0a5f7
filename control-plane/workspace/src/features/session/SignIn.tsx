import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { explain, isProblem } from '../../api';
import { Button, ErrorBanner, TextField } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { signIn } from './session';
import css from './SignIn.module.css';

/** E-mail first, then what applies to it; today that is a password. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [asksPassword, setAsksPassword] = useState(false);
  const [wrong, setWrong] = useState<'email' | 'password' | undefined>();
  const passwordField = useRef<HTMLInputElement>(null);
  const signing = useAct({ mutationFn: () => signIn(client, email.trim(), password), onSuccess: onSignedIn });
  const refused = isProblem(signing.error, 'session.refused');

  useTitle(t('signIn.title'));
  // The wrong password is ready to be typed over.
  useEffect(() => {
    if (refused) passwordField.current?.select();
  }, [refused]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!/^\S+@\S+$/.test(email.trim())) {
      setWrong('email');
    } else if (!asksPassword) {
      setAsksPassword(true);
    } else if (!password) {
      setWrong('password');
    } else {
      signing.run();
    }
  };

  return (
    <main className={css.page}>
      <div className={css.card}>
        <div className={css.brand}><img src="/icon.svg" width={28} height={28} alt="" />{t('app.name')}</div>
        <h1>{t('signIn.title')}</h1>
        {signing.error && !refused && <ErrorBanner reason={explain(signing.error)} />}
        <form className={css.form} onSubmit={submit} noValidate>
          {asksPassword ? (
            <div className={css.who}>
              <span title={email}>{email}</span>
              {/* Lets a password manager know whose password it fills in. */}
              <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
              <Button kind="quiet" onClick={() => {
                setAsksPassword(false);
                setPassword('');
                signing.reset();
              }}>{t('signIn.change')}</Button>
            </div>
          ) : (
            <TextField label={t('signIn.email')} type="email" name="email" autoComplete="username" autoFocus value={email}
              error={wrong === 'email' ? t('signIn.emailWrong') : undefined}
              onChange={event => {
                setEmail(event.target.value);
                setWrong(undefined);
              }} />
          )}
          {asksPassword && (
            <TextField label={t('signIn.password')} type="password" name="password" autoComplete="current-password" autoFocus value={password} ref={passwordField}
              error={wrong === 'password' ? t('field.required') : refused ? t('signIn.refused') : undefined}
              onChange={event => {
                setPassword(event.target.value);
                setWrong(undefined);
              }} />
          )}
          <Button kind="primary" large type="submit" busy={signing.isPending}>{asksPassword ? t('signIn.act') : t('signIn.continue')}</Button>
        </form>
        {location.protocol === 'http:' && <p className={css.note}>{t('signIn.demonstration')}</p>}
      </div>
    </main>
  );
}
