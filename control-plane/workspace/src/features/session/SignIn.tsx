import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, type FormEvent } from 'react';
import { api, ApiProblem, explain, isProblem, type FoundProvider, type SessionView } from '../../api';
import { Button, buttonClass, ErrorBanner, TextField } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { CodeField } from './CodeField';
import { ProviderButton } from './ProviderButton';
import { OrganizationChoice } from './OrganizationChoice';
import { offersPasskeys, passkeysPossible } from './passkeys';
import { arrive, awaitingFactor, goToOrganization, hasChoice, signIn, signInByPasskey, type PasskeyWay } from './session';
import css from './SignIn.module.css';

type Factors = Pick<SessionView, 'hasAuthenticator' | 'hasPasskey'>;

/** E-mail first, then the password, then the second factor of an account that has one. */
export function SignIn({ to = '/', refusal, onSignedIn }: { readonly to?: string; /** Why the identity provider's answer was not taken. */ readonly refusal?: string | undefined; readonly onSignedIn: () => void }) {
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string>();
  const [factors, setFactors] = useState<Factors>({ hasAuthenticator: true, hasPasskey: false });
  const [asksPassword, setAsksPassword] = useState(false);
  const [wrong, setWrong] = useState<'email' | 'password' | 'code' | undefined>();
  const passwordField = useRef<HTMLInputElement>(null);
  const signing = useAct({ mutationFn: () => signIn(client, { email: email.trim(), password, code }), onSuccess: session => {
    if (!session.awaitsFactor) return signedIn(session);
    setFactors(session);
    setCode('');
  } });
  const [choosing, setChoosing] = useState<SessionView>();
  const signedIn = (session: SessionView) => hasChoice(session) ? setChoosing(session) : onSignedIn();
  const choose = useAct({
    mutationFn: async (organizationId: string) => choosing?.organization.id === organizationId ? arrive(client, choosing) : goToOrganization(client, organizationId),
    onSuccess: onSignedIn,
  });
  const byPasskey = useAct({ mutationFn: (way: PasskeyWay) => signInByPasskey(client, way), onSuccess: signedIn });
  const [stopOffering, startOffering] = useOfferedPasskeys(client, signedIn);
  const pressPasskey = () => {
    // Browsers have one question to authenticators at a time.
    stopOffering();
    signing.reset();
    byPasskey.run({ kind: code === undefined ? 'alone' : 'factor' });
  };
  const refused = isProblem(signing.error, 'session.refused');
  const [provider, setProvider] = useState<FoundProvider>();
  // Without an answer the password is the way in.
  const discover = useAct({ mutationFn: () => api.session.discover(email.trim()), onSuccess: found => setProvider(found.provider ?? undefined), onSettled: () => setAsksPassword(true) });

  const { data: waiting } = useQuery({ queryKey: ['session-awaiting'], queryFn: ({ signal }) => awaitingFactor(signal), staleTime: 0, gcTime: 0, retry: false });
  useEffect(() => {
    if (!waiting) return;
    setEmail(waiting.email);
    setAsksPassword(true);
    setFactors(waiting);
    setCode(before => before ?? '');
  }, [waiting]);

  useTitle(t('signIn.title'));
  // The wrong password is ready to be typed over.
  useEffect(() => {
    if (refused) passwordField.current?.select();
  }, [refused]);

  const offersPasskey = passkeysPossible() && (code === undefined ? !asksPassword : factors.hasPasskey);
  // Without an authenticator the only code is a recovery code, which nobody has at hand.
  const passkeyFirst = offersPasskey && code !== undefined && !factors.hasAuthenticator;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!/^\S+@\S+$/.test(email.trim())) {
      setWrong('email');
    } else if (!asksPassword) {
      discover.run();
    } else if (!password && code === undefined) {
      setWrong('password');
    } else if (code === '') {
      setWrong('code');
    } else {
      signing.run();
    }
  };

  if (choosing) {
    return (
      <main className={css.page}>
        <div className={css.card}>
          <div className={css.brand}><img src="/icon.svg" width={28} height={28} alt="" />{t('app.name')}</div>
          <h1>{t('organizations.choose')}</h1>
          {choose.error && <ErrorBanner reason={explain(choose.error)} />}
          <OrganizationChoice session={choosing} busy={choose.isPending ? choose.variables : undefined} onChoose={choose.run} />
        </div>
      </main>
    );
  }

  return (
    <main className={css.page}>
      <div className={css.card}>
        <div className={css.brand}><img src="/icon.svg" width={28} height={28} alt="" />{t('app.name')}</div>
        <h1>{t('signIn.title')}</h1>
        {signing.error && !refused && !isProblem(signing.error, 'session.factor_refused') && <ErrorBanner reason={explain(signing.error)} />}
        {byPasskey.error && <ErrorBanner reason={explain(byPasskey.error)} />}
        {refusal !== undefined && !signing.error && !byPasskey.error && <ErrorBanner reason={explain(new ApiProblem(refusal, 403))} />}
        {provider && <ProviderButton provider={provider} returnTo={to} />}
        {provider && <p className={css.note}>{t('signIn.orPassword')}</p>}
        <form className={css.form} onSubmit={submit} noValidate>
          {asksPassword ? (
            <div className={css.who}>
              <span title={email}>{email}</span>
              {/* Lets a password manager know whose password it fills in. */}
              <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
              <Button kind="quiet" onClick={() => {
                setAsksPassword(false);
                setPassword('');
                setCode(undefined);
                setProvider(undefined);
                signing.reset();
              }}>{t('signIn.change')}</Button>
            </div>
          ) : (
            <TextField label={t('signIn.email')} type="email" name="email" autoComplete="username webauthn" autoFocus value={email} onFocus={startOffering}
              error={wrong === 'email' ? t('signIn.emailWrong') : undefined}
              onChange={event => {
                setEmail(event.target.value);
                setWrong(undefined);
              }} />
          )}
          {passkeyFirst && <Button kind="primary" large icon={KeyRound} busy={byPasskey.isPending} onClick={pressPasskey}>{t('passkeys.use')}</Button>}
          {code !== undefined && <CodeField value={code} onlyRecovery={!factors.hasAuthenticator} error={signing.error} missing={wrong === 'code'} onChange={typed => {
            setCode(typed);
            setWrong(undefined);
          }} />}
          {asksPassword && code === undefined && (
            <TextField label={t('signIn.password')} type="password" name="password" autoComplete="current-password" autoFocus value={password} ref={passwordField}
              error={wrong === 'password' ? t('field.required') : refused ? t('signIn.refused') : undefined}
              onChange={event => {
                setPassword(event.target.value);
                setWrong(undefined);
              }} />
          )}
          <Button kind={provider || passkeyFirst ? 'plain' : 'primary'} large type="submit" busy={signing.isPending || discover.isPending}>{asksPassword ? t('signIn.act') : t('signIn.continue')}</Button>
          {offersPasskey && !passkeyFirst && <Button large icon={KeyRound} busy={byPasskey.isPending} onClick={pressPasskey}>{t('passkeys.use')}</Button>}
        </form>
        {asksPassword && code === undefined && <Link to="/forgot" className={buttonClass('quiet')}>{t('signIn.forgot')}</Link>}
        {location.protocol === 'http:' && <p className={css.note}>{t('signIn.demonstration')}</p>}
      </div>
    </main>
  );
}

/** A question is good for five minutes: shortly before, another takes its place. */
const offerMilliseconds = 270_000;

/** Offers passkeys under the e-mail field for as long as the page is open, where the browser can. What goes wrong there is not said: nobody has asked for anything. */
function useOfferedPasskeys(client: QueryClient, onSignedIn: (session: SessionView) => void): readonly [stop: () => void, start: () => void] {
  const offer = useRef<AbortController>(undefined);
  const done = useRef(onSignedIn);
  useEffect(() => {
    done.current = onSignedIn;
  }, [onSignedIn]);
  const stop = useCallback(() => {
    offer.current?.abort();
    offer.current = undefined;
  }, []);
  const start = useCallback(() => {
    if (offer.current) return;
    const mine = offer.current = new AbortController();
    const again = () => {
      if (offer.current !== mine) return;
      stop();
      start();
    };
    void (async () => {
      if (!await offersPasskeys() || mine.signal.aborted) return;
      const timer = setTimeout(again, offerMilliseconds);
      try {
        done.current(await signInByPasskey(client, { kind: 'underField', signal: mine.signal }));
      } catch {
        // Dismissed, aborted, or refused: the page's own ways in are there.
        if (offer.current === mine) offer.current = undefined;
      } finally {
        clearTimeout(timer);
      }
    })();
  }, [client, stop]);
  useEffect(() => {
    start();
    return stop;
  }, [start, stop]);
  return [stop, start];
}
