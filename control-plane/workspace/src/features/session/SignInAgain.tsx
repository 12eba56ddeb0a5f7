import { useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { explain, isProblem } from '../../api';
import { Button, ErrorBanner, TextField } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import { CodeField } from './CodeField';
import { passkeysPossible } from './passkeys';
import { signInAgain, signInAgainByPasskey, useSession, type PasskeyWay } from './session';
import css from './SignIn.module.css';

/** Over the page on which the session ended. It cannot be closed: what lies under it belongs to the person who was signed in. */
export function SignInAgain() {
  const client = useQueryClient();
  const { email, hasPasskey, hasAuthenticator } = useSession();
  const dialog = useRef<HTMLDialogElement>(null);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string>();
  const signing = useAct({ mutationFn: () => signInAgain(client, { email, password, code }), onSuccess: session => session.awaitsFactor && setCode('') });
  const byPasskey = useAct({ mutationFn: (way: PasskeyWay) => signInAgainByPasskey(client, way) });
  const refused = isProblem(signing.error, 'session.refused');

  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>('input[type=password]')?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password && code !== '') signing.run();
  };
  return (
    <dialog ref={dialog} className={css.again} aria-labelledby="sign-in-again" onCancel={event => event.preventDefault()}
      onKeyDown={event => {
        event.stopPropagation();
        // Browsers close a dialog on the second Esc whatever its cancel event says.
        if (event.key === 'Escape') event.preventDefault();
      }}>
      <form className={css.form} onSubmit={submit} noValidate>
        <h2 id="sign-in-again">{t('signIn.ended')}</h2>
        <p>{t('signIn.againBody')}</p>
        {signing.error && !refused && !isProblem(signing.error, 'session.factor_refused') && <ErrorBanner reason={explain(signing.error)} />}
        {byPasskey.error && <ErrorBanner reason={explain(byPasskey.error)} />}
        <div className={css.who}><span title={email}>{email}</span><input type="email" name="email" autoComplete="username" value={email} readOnly hidden /></div>
        {code === undefined
          ? <TextField label={t('signIn.password')} type="password" name="password" autoComplete="current-password" value={password}
              error={refused ? t('signIn.refused') : undefined} onChange={event => setPassword(event.target.value)} />
          : <CodeField value={code} onlyRecovery={!hasAuthenticator} error={signing.error} onChange={setCode} />}
        {hasPasskey && passkeysPossible() && <Button large icon={KeyRound} busy={byPasskey.isPending} onClick={() => byPasskey.run({ kind: code === undefined ? 'alone' : 'factor' })}>{t('passkeys.use')}</Button>}
        <div className={css.foot}>
          <Button kind="quiet" onClick={() => location.assign('/sign-in')}>{t('signIn.other')}</Button>
          <Button kind="primary" large type="submit" busy={signing.isPending}>{t('signIn.act')}</Button>
        </div>
      </form>
    </dialog>
  );
}
