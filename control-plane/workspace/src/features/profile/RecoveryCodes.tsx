import { useState } from 'react';
import { Banner, Button, CopyBlock, Dialog } from '../../ui';
import { t } from '../../words';

/** Ten ways in without the authenticator: shown once. */
export function RecoveryCodes({ codes, onClose }: { readonly codes: readonly string[]; readonly onClose: () => void }) {
  const [kept, setKept] = useState(false);
  return (
    <Dialog wide title={t('recovery.title')} onClose={onClose} loses={!kept && t('recovery.loses')} foot={<Button kind="primary" onClick={onClose}>{t('token.done')}</Button>}>
      <Banner tone="warn" title={t('recovery.once')}>{t('recovery.body')}</Banner>
      <CopyBlock label={t('recovery.title')} text={codes.join('\n')} onCopied={() => setKept(true)} />
      <Button onClick={() => {
        download(codes);
        setKept(true);
      }}>{t('recovery.download')}</Button>
    </Dialog>
  );
}

function download(codes: readonly string[]): void {
  const address = URL.createObjectURL(new Blob([codes.join('\n') + '\n'], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'hybrid-recovery-codes.txt';
  link.click();
  URL.revokeObjectURL(address);
}
