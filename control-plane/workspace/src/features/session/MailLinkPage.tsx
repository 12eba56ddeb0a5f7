import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api, explain, fieldError, isProblem, type MailLinkView } from '../../api';
import { Button, buttonClass, ErrorBanner, say, Skeleton, TextField } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import css from './SignIn.module.css';

const shortestPassword = 12;

interface PageProps { readonly kind: MailLinkView['kind'] }

/** What a link from a mail leads to. Its secret stands in the address' fragment, which browsers send to nobody; looking uses nothing up. */
export function MailLinkPage({ kind }: PageProps) {
  const [token] = useState(() => location.hash.slice(1));
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['mail-link', token], queryFn: ({ signal }) => api.mailLinks.view(token, signal), enabled: token !== '', retry: false, gcTime: 0 });
  const title = kind === 'invitation' ? t('join.title') : t('reset.title');
  useTitle(title);
  const dead = token === '' || isProblem(error, 'link.dead') || isProblem(error, 'request.invalid') || (data !== undefined && data.kind !== kind);
  return (
    <main className={css.page}>
      <div className={css.card}>
        <div className={css.brand}><img src="/icon.svg" width={28} height={28} alt="" />{t('app.name')}</div>
        <h1>{title}</h1>
        {dead
          ? <Dead kind={kind} />
          : error
          ? <><ErrorBanner reason={explain(error)} /><Button onClick={() => void refetch()}>{t('act.tryAgain')}</Button></>
          : isPending ? <Skeleton width="100%" height={180} /> : <Choose link={data} token={token} />}
      </div>
    </main>
  );
}

function Dead({ kind }: PageProps) {
  return (
    <div role="alert" className={css.form}>
      <p>{t('mailLink.dead')}</p>
      <p className={css.note}>{kind === 'invitation' ? t('mailLink.deadInvitation') : t('mailLink.deadReset')}</p>
      {kind === 'passwordReset' && <Link to="/forgot" className={buttonClass('primary')}>{t('mailLink.again')}</Link>}
      <Link to="/sign-in" className={buttonClass('quiet')}>{t('forgot.back')}</Link>
    </div>
  );
}

function Choose({ link, token }: { readonly link: MailLinkView; readonly token: string }) {
  const joins = link.kind === 'invitation';
  const navigate = useNavigate();
  const [name, setName] = useState(joins ? link.name : '');
  const [password, setPassword] = useState('');
  const [asked, setAsked] = useState(false);
  const choose = useAct({
    mutationFn: () => joins ? api.mailLinks.accept({ token, name: name.trim(), password }) : api.mailLinks.reset({ token, password }),
    onSuccess: () => {
      say(joins ? t('join.done') : t('reset.done'));
      void navigate({ to: '/sign-in', hash: '', replace: true });
    },
  });
  const unfit = isProblem(choose.error, 'password.breached') || isProblem(choose.error, 'password.unfit');
  if (isProblem(choose.error, 'link.dead')) return <Dead kind={link.kind} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (password.length >= shortestPassword && (!joins || name.trim())) choose.run();
  };
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <p>{joins ? t('join.body', { organization: link.organization }) : t('reset.body')}</p>
      {choose.error && !unfit && <ErrorBanner reason={explain(choose.error)} />}
      <div className={css.who}><span title={link.email}>{link.email}</span><input type="email" name="email" autoComplete="username" value={link.email} readOnly hidden /></div>
      {joins && <TextField label={t('field.name')} name="name" autoComplete="name" autoFocus maxLength={200} value={name} error={asked && !name.trim() ? t('field.required') : fieldError(choose.error, 'name')} onChange={event => setName(event.target.value)} />}
      <TextField label={joins ? t('signIn.password') : t('password.new')} type="password" name="new-password" autoComplete="new-password" autoFocus={!joins} maxLength={1024} value={password} hint={t('password.hint')}
        error={asked && password.length < shortestPassword ? t('people.passwordShort') : unfit ? explain(choose.error).todo : fieldError(choose.error, 'password')} onChange={event => setPassword(event.target.value)} />
      <Button kind="primary" large type="submit" busy={choose.isPending}>{joins ? t('join.act') : t('reset.act')}</Button>
    </form>
  );
}

export const JoinPage = () => <MailLinkPage kind="invitation" />;
export const ResetPage = () => <MailLinkPage kind="passwordReset" />;
