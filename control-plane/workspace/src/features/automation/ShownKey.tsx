import { useState } from 'react';
import type { IssuedKey } from '../../api';
import { Banner, Button, CopyBlock, Dialog } from '../../ui';
import { t } from '../../words';

/** A key as it was issued: shown once. */
export function ShownKey({ issued, onClose }: { readonly issued: IssuedKey; readonly onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  return (
    <Dialog wide title={t('key.shown')} onClose={onClose} loses={!copied && t('key.shownLoses')} foot={<Button kind="primary" onClick={onClose}>{t('token.done')}</Button>}>
      <Banner tone="warn" title={t('key.once')}>{t('key.shownBody')}</Banner>
      <CopyBlock label={t('key.shown')} text={issued.key} onCopied={() => setCopied(true)} />
      <p>{t('key.use')}</p>
      <CopyBlock label={t('key.use')} text={`curl -H "Authorization: Bearer $HYBRID_KEY" ${location.origin}/api/projects`} />
    </Dialog>
  );
}
