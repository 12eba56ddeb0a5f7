import { useQuery, useQueryClient } from '@tanstack/react-query';
import Bowser from 'bowser';
import { useState } from 'react';
import { api, explain, fieldError, isProblem, type Profile, type SessionRow } from '../../api';
import { Badge, Button, Card, Confirm, ErrorBanner, layout, Page, PageHead, say, SelectField, Skeleton, Table, TextField, When, type Column } from '../../ui';
import { firstSpoken, languageName, languages, speakFor, t, tn } from '../../words';
import { sessionQuery } from '../session/session';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { useTyped } from '../useTyped';
import { LinkProvider } from './LinkProvider';
import { Passkeys } from './Passkeys';
import { profileQuery } from './profileQuery';
import { RecoveryCodes } from './RecoveryCodes';
import { SetUpAuthenticator } from './SetUpAuthenticator';

const shortestPassword = 12;

/** What a person rules over themselves. */
export function ProfilePage() {
  const { data, error, refetch } = useQuery(profileQuery);
  useTitle(t('nav.profile'));
  if (error && !data) return <Trouble page error={error} onRetry={refetch} />;
  return (
    <Page>
      <PageHead title={t('nav.profile')} lead={data ? `${data.name} · ${data.email}` : ''} />
      {data ? <><Passkeys profile={data} /><Authenticator profile={data} /><Password email={data.email} /><LanguageChoice profile={data} /><LinkProvider email={data.email} /><Sessions rows={data.sessions} /></> : <Skeleton width="100%" height={240} />}
    </Page>
  );
}

function Authenticator({ profile }: { readonly profile: Profile }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<'setUp' | 'renew' | 'remove'>();
  const secured = profile.hasAuthenticator || profile.passkeys.length > 0;
  const [codes, setCodes] = useState<readonly string[]>();
  const anew = () => Promise.all([client.invalidateQueries({ queryKey: profileQuery.queryKey }), client.invalidateQueries({ queryKey: sessionQuery.queryKey })]);
  const renew = useAct({
    mutationFn: api.profile.renewRecoveryCodes,
    onSuccess: async made => {
      await anew();
      setAsked(undefined);
      setCodes(made.recoveryCodes);
    },
  });
  const remove = useAct({
    mutationFn: api.profile.removeAuthenticator,
    onSuccess: async () => {
      await anew();
      setAsked(undefined);
      say(t('mfa.removed'));
    },
  });
  return (
    <Card pad title={t('mfa.title')}>
      <div className={layout.row}>
        <Badge tone={profile.hasAuthenticator ? 'good' : profile.mfaRequired && !secured ? 'bad' : 'neutral'}>{profile.hasAuthenticator ? t('mfa.on') : t('mfa.off')}</Badge>
        {secured && <span className={layout.muted}>{tn('mfa.codesLeft', profile.recoveryCodesLeft)}</span>}
      </div>
      <p className={layout.muted}>{t('mfa.body')}</p>
      <div className={layout.row}>
        <Button kind={secured ? 'plain' : 'primary'} onClick={() => setAsked('setUp')}>{profile.hasAuthenticator ? t('mfa.replace') : t('mfa.setUp')}</Button>
        {secured && <Button onClick={() => setAsked('renew')}>{t('mfa.renew')}</Button>}
        {profile.hasAuthenticator && (!profile.mfaRequired || profile.passkeys.length > 0) && <Button onClick={() => setAsked('remove')}>{t('mfa.remove')}</Button>}
      </div>
      {asked === 'setUp' && <SetUpAuthenticator onClose={() => setAsked(undefined)} onDone={async made => {
        await anew();
        setAsked(undefined);
        setCodes(made);
      }} />}
      {asked === 'renew' && <Confirm title={t('mfa.renewTitle')} act={t('mfa.renew')} busy={renew.isPending} reason={renew.error ? explain(renew.error) : undefined} onConfirm={renew.run} onClose={() => setAsked(undefined)}>{t('mfa.renewBody')}</Confirm>}
      {asked === 'remove' && <Confirm title={t('mfa.removeTitle')} act={t('mfa.remove')} busy={remove.isPending} reason={remove.error ? explain(remove.error) : undefined} onConfirm={remove.run} onClose={() => setAsked(undefined)}>{profile.passkeys.length > 0 ? t('mfa.removeBodyPasskey') : t('mfa.removeBody')}</Confirm>}
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(undefined)} />}
    </Card>
  );
}

function Password({ email }: { readonly email: string }) {
  const client = useQueryClient();
  const [current, setCurrent] = useTyped('password.current');
  const [next, setNext] = useTyped('password.new');
  const [asked, setAsked] = useState(false);
  const change = useAct({
    mutationFn: () => api.profile.changePassword({ current, new: next }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: profileQuery.queryKey });
      setCurrent('');
      setNext('');
      setAsked(false);
      say(t('password.changed'));
    },
  });
  const wrong = isProblem(change.error, 'password.wrong');
  const unfit = isProblem(change.error, 'password.breached') || isProblem(change.error, 'password.unfit');
  return (
    <Card pad title={t('password.title')}>
      <form className={layout.form} noValidate onSubmit={event => {
        event.preventDefault();
        setAsked(true);
        if (current && next.length >= shortestPassword) change.run();
      }}>
        {change.error && !wrong && !unfit && <ErrorBanner reason={explain(change.error)} />}
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <TextField label={t('password.current')} type="password" autoComplete="current-password" maxLength={1024} value={current}
          error={asked && !current ? t('field.required') : wrong ? t('password.wrong') : undefined} onChange={event => setCurrent(event.target.value)} />
        <TextField label={t('password.new')} type="password" autoComplete="new-password" maxLength={1024} value={next} hint={t('password.hint')}
          error={asked && next.length < shortestPassword ? t('people.passwordShort') : unfit ? explain(change.error).todo : fieldError(change.error, 'new')} onChange={event => setNext(event.target.value)} />
        <div><Button type="submit" busy={change.isPending}>{t('password.change')}</Button></div>
      </form>
    </Card>
  );
}

/** What people call their browser; what it calls itself stands in the title. */
function browserName(userAgent: string): string {
  const { browser, os } = Bowser.parse(userAgent || '-');
  const name = [browser.name, browser.version?.split('.')[0]].filter(Boolean).join(' ');
  return name && os.name ? t('sessions.browserOn', { browser: name, system: os.name }) : name || userAgent || t('state.none');
}

function LanguageChoice({ profile }: { readonly profile: Profile }) {
  const client = useQueryClient();
  const change = useAct({
    mutationFn: api.profile.changeLanguage,
    onSuccess: async (_, language) => {
      client.setQueryData(profileQuery.queryKey, before => before && { ...before, language });
      client.setQueryData(sessionQuery.queryKey, before => before && { ...before, language });
      await speakFor(language);
      say(t('language.changed'));
    },
  });
  return (
    <Card pad title={t('language.title')}>
      <div className={layout.form}>
        {change.error && <ErrorBanner reason={explain(change.error)} />}
        <SelectField label={t('language.choose')} hint={t('language.hint')} value={profile.language ?? ''} disabled={change.isPending} onChange={event => change.run(event.target.value || null)}>
          <option value="">{t('language.browser', { language: languageName(firstSpoken(navigator.languages)) })}</option>
          {languages.map(one => <option key={one} value={one} lang={one}>{languageName(one)}</option>)}
        </SelectField>
      </div>
    </Card>
  );
}

function Sessions({ rows }: { readonly rows: readonly SessionRow[] }) {
  const client = useQueryClient();
  const anew = () => client.invalidateQueries({ queryKey: profileQuery.queryKey });
  const end = useAct({ mutationFn: (id: string) => api.profile.endSession(id), onSuccess: anew });
  const endOthers = useAct({ mutationFn: api.profile.endOtherSessions, onSuccess: anew });
  const columns: readonly Column<SessionRow>[] = [
    { key: 'browser', head: t('sessions.browser'), width: 220, cell: row => browserName(row.userAgent), title: row => row.userAgent },
    { key: 'active', head: t('sessions.active'), cell: row => <When at={row.lastActiveAt} /> },
    { key: 'since', head: t('field.since'), cell: row => <When at={row.createdAt} /> },
    { key: 'act', head: t('sessions.act'), cell: row => row.current ? <Badge tone="good">{t('sessions.current')}</Badge> : <Button onClick={() => end.run(row.id)}>{t('sessions.end')}</Button> },
  ];
  const failed = end.error ?? endOthers.error;
  return (
    <Card title={t('sessions.title')} actions={rows.length > 1 && <Button busy={endOthers.isPending} onClick={() => endOthers.run()}>{t('sessions.endOthers')}</Button>}>
      {failed && <ErrorBanner reason={explain(failed)} />}
      <Table rows={rows} columns={columns} id={row => row.id} label={t('sessions.title')} />
    </Card>
  );
}
