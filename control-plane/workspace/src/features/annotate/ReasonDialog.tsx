import { useState } from 'react';
import { Button, Dialog, TextArea } from '../../ui';
import { t } from '../../words';

interface ReasonProps {
  readonly title: string;
  readonly act: string;
  readonly lead: string;
  readonly onClose: () => void;
  readonly onReason: (reason: string) => void;
}

const mostCharacters = 2_000;

/** Asks for the reason that goes with an act; without one it says that it is needed. */
export function ReasonDialog({ title, act, lead, onClose, onReason }: ReasonProps) {
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const send = () => {
    setAsked(true);
    if (reason.trim()) onReason(reason.trim());
  };
  return (
    <Dialog title={title} onClose={onClose} onSubmit={send} foot={<><Button onClick={onClose}>{t('act.cancel')}</Button><Button kind="primary" type="submit">{act}</Button></>}>
      <p>{lead}</p>
      <TextArea label={t('work.reason')} rows={4} maxLength={mostCharacters} value={reason} error={asked && !reason.trim() ? t('field.required') : undefined} onChange={event => setReason(event.target.value)} autoFocus
        onKeyDown={event => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          send();
        }} />
    </Dialog>
  );
}
