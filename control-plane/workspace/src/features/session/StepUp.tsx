import { KeyRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api, explain, isProblem } from '../../api';
import { Button, Cancel, Dialog, ErrorBanner, TextField } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import { CodeField } from './CodeField';
import { whenProofIsWanted } from './freshProof';
import { answerPasskey, passkeysPossible } from './passkeys';
import { useSession } from './session';

/** Asks for a fresh proof when an act wants one, and lets the act go on. */
export function StepUp() {
  const [waiting, setWaiting] = useState<(proven: boolean) => void>();
  useEffect(() => {
    whenProofIsWanted(() => new Promise(resolve => setWaiting(() => resolve)));
    return () => whenProofIsWanted(() => Promise.resolve(false));
  }, []);
  if (!waiting) return null;
  return <Prove onEnd={proven => {
    setWaiting(undefined);
    waiting(proven);
  }} />;
}

function Prove({ onEnd }: { readonly onEnd: (proven: boolean) => void }) {
  const { mfaLevel, hasAuthenticator, hasPasskey } = useSession();
  const byPasskey = hasPasskey && passkeysPossible();
  const byCode = mfaLevel > 1 || hasPasskey;
  const passkey = useAct({ mutationFn: async () => api.session.stepUpByPasskey(await answerPasskey(await api.session.askForOwnPasskey())), onSuccess: () => onEnd(true) });
  const [text, setText] = useState('');
  const prove = useAct({ mutationFn: () => api.session.stepUp(byCode ? { code: text, password: null } : { code: null, password: text }), onSuccess: () => onEnd(true) });
  const refused = isProblem(prove.error, 'session.refused') || isProblem(prove.error, 'session.factor_refused');
  return (
    <Dialog title={t('stepUp.title')} onClose={() => onEnd(false)} onSubmit={() => text && prove.run()}
      foot={<><Cancel /><Button kind={byPasskey ? 'plain' : 'primary'} type="submit" busy={prove.isPending}>{t('stepUp.act')}</Button></>}>
      {prove.error && !refused && <ErrorBanner reason={explain(prove.error)} />}
      {passkey.error && <ErrorBanner reason={explain(passkey.error)} />}
      <p>{t('stepUp.body')}</p>
      {byPasskey && <div><Button kind="primary" icon={KeyRound} busy={passkey.isPending} onClick={() => passkey.run()}>{t('passkeys.use')}</Button></div>}
      {byCode
        ? <CodeField value={text} onlyRecovery={!hasAuthenticator} error={prove.error} onChange={setText} />
        : <TextField label={t('signIn.password')} type="password" autoComplete="current-password" value={text} error={refused ? t('stepUp.refused') : undefined} onChange={event => setText(event.target.value)} />}
    </Dialog>
  );
}
