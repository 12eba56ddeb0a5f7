import { useEffect, useState } from 'react';
import { api, explain, isProblem } from '../../api';
import { Button, Cancel, CopyBlock, Dialog, ErrorBanner, layout, Skeleton, TextField } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';

interface SetUpProps { readonly onDone: (recoveryCodes: readonly string[]) => void; readonly onClose: () => void }

/** The seed as a picture and as text, then the first code of the app. */
export function SetUpAuthenticator({ onDone, onClose }: SetUpProps) {
  const [code, setCode] = useState('');
  const begin = useAct({ mutationFn: api.profile.beginAuthenticator });
  const confirm = useAct({ mutationFn: () => api.profile.confirmAuthenticator(code), onSuccess: made => onDone(made.recoveryCodes) });
  const picture = usePicture(begin.data?.qrSvg);
  const { run } = begin;
  // Once, as the dialog opens.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  useEffect(() => run(), []);
  const wrong = isProblem(confirm.error, 'authenticator.wrong_code');
  return (
    <Dialog wide title={t('mfa.setUp')} onClose={onClose} onSubmit={() => begin.data && code.trim() && confirm.run()}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={confirm.isPending} aria-disabled={!begin.data || !code.trim()}>{t('mfa.confirm')}</Button></>}>
      {begin.error && <ErrorBanner reason={explain(begin.error)} />}
      {confirm.error && !wrong && <ErrorBanner reason={explain(confirm.error)} />}
      <p>{t('mfa.scan')}</p>
      {picture ? <img src={picture} width={220} height={220} alt={t('mfa.qr')} /> : <Skeleton width={220} height={220} />}
      <p className={layout.muted}>{t('mfa.orType')}</p>
      {begin.data && <CopyBlock label={t('mfa.seed')} text={begin.data.seed.replace(/(.{4})(?=.)/g, '$1 ')} />}
      <TextField label={t('mfa.firstCode')} autoComplete="one-time-code" inputMode="numeric" maxLength={10} value={code} error={wrong ? t('mfa.wrongCode') : undefined} onChange={event => setCode(event.target.value)} />
    </Dialog>
  );
}

/** An address within this page for a drawing: the policy lets pictures come from nowhere else. */
function usePicture(svg: string | undefined): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!svg) return;
    const made = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [svg]);
  return address;
}
