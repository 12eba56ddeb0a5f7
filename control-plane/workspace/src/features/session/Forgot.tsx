import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api, explain } from '../../api';
import { Banner, Button, buttonClass, ErrorBanner, TextField } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import css from './SignIn.module.css';

/** Asks for a mail with a link that sets a new password. What it says afterwards is the same for every address. */
export function Forgot() {
  const [email, setEmail] = useState('');
  const [wrong, setWrong] = useState(false);
  const ask = useAct({ mutationFn: () => api.mailLinks.ask(email.trim()) });
  useTitle(t('forgot.title'));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const fits = /^\S+@\S+$/.test(email.trim());
    setWrong(!fits);
    if (fits) ask.run();
  };
  return (
    <main className={css.page}>
      <div className={css.card}>
        <div className={css.brand}><img src="/icon.svg" width={28} height={28} alt="" />{t('app.name')}</div>
        <h1>{t('forgot.title')}</h1>
        {ask.error && <ErrorBanner reason={explain(ask.error)} />}
        {ask.isSuccess
          ? <div role="status"><Banner title={t('forgot.sentTitle')}>{t('forgot.sentBody')}</Banner></div>
          : (
            <form className={css.form} onSubmit={submit} noValidate>
              <p className={css.note}>{t('forgot.body')}</p>
              <TextField label={t('signIn.email')} type="email" name="email" autoComplete="username" autoFocus maxLength={256} value={email} error={wrong ? t('signIn.emailWrong') : undefined}
                onChange={event => {
                  setEmail(event.target.value);
                  setWrong(false);
                }} />
              <Button kind="primary" large type="submit" busy={ask.isPending}>{t('forgot.act')}</Button>
            </form>
          )}
        <Link to="/sign-in" className={buttonClass('quiet')}>{t('forgot.back')}</Link>
      </div>
    </main>
  );
}
