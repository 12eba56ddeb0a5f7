import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api, explain, fieldError, isProblem, type MailLinkView, type SessionView } from '../../api';
import { Banner, Button, buttonClass, ErrorBanner, say, Skeleton, TextField } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { SignIn } from './SignIn';
import { goToOrganization, sessionQuery } from './session';
import css from './SignIn.module.css';
import { StepUp } from './StepUp';

const shortestPassword = 12;

interface PageProps { readonly kind: MailLinkView['kind'] }

/** What a link from a mail leads to. Its secret stands in the address' fragment, which browsers send to nobody; looking uses nothing up. */
export function MailLinkPage({ kind }: PageProps) {
  const [token] = useState(() => location.hash.slice(1));
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['mail-link', token], queryFn: ({ signal }) => api.mailLinks.view(token, signal), enabled: token !== '', retry: false, gcTime: 0 });
  const title = kind === 'invitation' ? t('join.title') : t('reset.title');
  useTitle(title);
  const [signingIn, setSigningIn] = useState(false);
  const { data: session } = useQuery(sessionQuery);
  const dead = token === '' || isProblem(error, 'link.dead') || isProblem(error, 'request.invalid') || (data !== undefined && data.kind !== kind);
  // On this very page: in an address the secret would be sent and kept.
  if (signingIn && !session) return <SignIn to="/join" onSignedIn={() => setSigningIn(false)} />;
  return (
    <main className={css.page}>
      <div className={css.card}>
        <div className={css.brand}><img src="/icon.svg" width={28} height={28} alt="" />{t('app.name')}</div>
        <h1>{title}</h1>
        {dead
          ? <Dead kind={kind} />
          : error
          ? <><ErrorBanner reason={explain(error)} /><Button onClick={() => void refetch()}>{t('act.tryAgain')}</Button></>
          : isPending ? <Skeleton width="100%" height={180} /> : data.hasAccount ? <JoinWithAccount link={data} token={token} session={session} onSignIn={() => setSigningIn(true)} /> : <Choose link={data} token={token} />}
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

/** The person has an account: the mail alone is not enough, they prove the account by signing in to it. */
function JoinWithAccount({ link, token, session, onSignIn }: { readonly link: MailLinkView; readonly token: string; readonly session: SessionView | null | undefined; readonly onSignIn: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const join = useAct({
    mutationFn: async () => {
      const { organizationId } = await api.mailLinks.join(token);
      // Where its own single sign-on is asked for, they come in by that; the place is theirs either way.
      return goToOrganization(client, organizationId).then(() => true, () => false);
    },
    onSuccess: async there => {
      say(there ? t('join.joined', { organization: link.organization }) : t('join.joinedOnly', { organization: link.organization }));
      await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      void navigate({ to: '/', hash: '', replace: true });
    },
  });
  if (isProblem(join.error, 'link.dead')) return <Dead kind={link.kind} />;
  if (session === undefined) return <Skeleton width="100%" height={180} />;
  const other = session && session.email.toLowerCase() !== link.email.toLowerCase();
  return (
    <div className={css.form}>
      <p>{t('join.account', { organization: link.organization })}</p>
      {join.error && <ErrorBanner reason={explain(join.error)} />}
      <div className={css.who}><span title={link.email}>{link.email}</span></div>
      {session && !other && <Button kind="primary" large busy={join.isPending} onClick={() => join.run()}>{t('join.act')}</Button>}
      {other && <Banner tone="warn" title={t('join.other', { email: session.email })}>{t('join.otherBody')}</Banner>}
      {!session && <p className={css.note}>{t('join.signInFirst')}</p>}
      {!session && <Button kind="primary" large onClick={onSignIn}>{t('signIn.title')}</Button>}
      {session && <StepUp />}
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
