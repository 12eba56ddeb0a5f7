import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { EnrolmentTokenView } from '../../api';
import { Banner, Button, Dialog, layout, When } from '../../ui';
import { t } from '../../words';

/** The one-time token: shown once, with the exact command and the words that must be the same on the other side. */
export function TokenDialog({ token, onClose }: { readonly token: EnrolmentTokenView; readonly onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  const command = `hybrid-agent enrol --config agent.json --token ${token.token}`;
  const copy = async () => {
    await navigator.clipboard.writeText(command);
    setCopied(true);
  };
  return (
    <Dialog wide title={t('token.title')} onClose={onClose} foot={<Button kind="primary" onClick={onClose}>{t('token.done')}</Button>}>
      <Banner tone="warn" title={t('token.once')}>{t('token.onceBody')} <When at={token.expiresAt} />.</Banner>
      <p>{t('token.command')}</p>
      <pre className={layout.block}>{command}</pre>
      <div className={layout.row}><Button icon={Copy} onClick={() => void copy()}>{copied ? t('act.copied') : t('act.copy')}</Button></div>
      <p>{t('token.fingerprint')}</p>
      <pre className={layout.block}>{token.fingerprint}</pre>
    </Dialog>
  );
}
