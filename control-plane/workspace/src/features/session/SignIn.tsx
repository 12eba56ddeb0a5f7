import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import { explain, isProblem } from '../../api';
import { Banner, Button, ErrorBanner, TextField } from '../../ui';
import { t } from '../../words';
import { signIn } from './session';
import css from './SignIn.module.css';

/** E-mail first, then what applies to it; today that is a password. */
export function SignIn({ onSignedIn, ended }: { readonly onSignedIn: () => void; readonly ended: boolean }) {
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [asksPassword, setAsksPassword] = useState(false);
  const [emailWrong, setEmailWrong] = useState(false);
  const signing = useMutation({ mutationFn: () => signIn(client, email.trim(), password), onSuccess: onSignedIn });
  const refused = isProblem(signing.error, 'session.refused');

  useEffect(() => {
    document.title = `${t('signIn.title')} · ${t('app.name')}`;
  }, []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!/^\S+@\S+$/.test(email.trim())) {
      setEmailWrong(true);
      return;
    }
    if (!asksPassword) setAsksPassword(true);
    else if (password && !signing.isPending) signing.mutate();
  };

  return (
    <main className={css.page}>
      <div className={css.card}>
        <div className={css.brand}><img src="/icon.svg" width={28} height={28} alt="" />{t('app.name')}</div>
        <h1>{t('signIn.title')}</h1>
        {ended && !signing.error && <Banner title={t('signIn.ended')}>{t('signIn.endedSafe')}</Banner>}
        {signing.error && !refused && <ErrorBanner reason={explain(signing.error)} />}
        <form className={css.form} onSubmit={submit} noValidate>
          {asksPassword ? (
            <div className={css.who}>
              <span>{email}</span>
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
              error={emailWrong ? t('signIn.emailWrong') : undefined}
              onChange={event => {
                setEmail(event.target.value);
                setEmailWrong(false);
              }} />
          )}
          {asksPassword && (
            <TextField label={t('signIn.password')} type="password" name="password" autoComplete="current-password" autoFocus value={password}
              error={refused ? t('signIn.refused') : undefined} onChange={event => setPassword(event.target.value)} />
          )}
          <Button kind="primary" large type="submit" busy={signing.isPending}>{asksPassword ? t('signIn.act') : t('signIn.continue')}</Button>
        </form>
        {location.protocol === 'http:' && <p className={css.note}>{t('signIn.demonstration')}</p>}
      </div>
    </main>
  );
}
