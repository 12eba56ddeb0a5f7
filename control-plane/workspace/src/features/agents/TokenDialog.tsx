import { useState } from 'react';
import type { EnrolmentTokenView } from '../../api';
import { Banner, Button, CopyBlock, Dialog, layout, When } from '../../ui';
import { clock, t } from '../../words';
import { agentCommands } from './commands';
import css from './Agents.module.css';

/** The one-time token: shown once, with the exact command and the words that must be the same on the other side. */
export function TokenDialog({ token, onClose }: { readonly token: EnrolmentTokenView; readonly onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  return (
    <Dialog wide title={t('token.title')} onClose={onClose} loses={!copied && t('token.loses')} foot={<Button kind="primary" onClick={onClose}>{t('token.done')}</Button>}>
      <Banner tone="warn" title={t('token.once')}>{t('token.onceBody', { time: clock(token.expiresAt) })} <span className={layout.muted}>(<When at={token.expiresAt} />)</span></Banner>
      <div className={css.step}>
        <p>{t('token.command')}</p>
        <CopyBlock label={t('token.command')} text={agentCommands.enrol(token.token)} onCopied={() => setCopied(true)} />
      </div>
      <div className={css.step}>
        <p>{t('token.fingerprint')}</p>
        <ol className={css.words} aria-label={t('token.words')}>{token.fingerprint.split('-').map((word, at) => <li key={at}>{word}</li>)}</ol>
      </div>
      <div className={css.step}>
        <p>{t('token.then')}</p>
        <CopyBlock label={t('token.then')} text={agentCommands.run} />
      </div>
    </Dialog>
  );
}
