import { X } from 'lucide-react';
import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { t } from '../words';
import { Button, classes, IconButton, TextField } from './controls';
import css from './dialog.module.css';
import { ErrorBanner, type Reason } from './feedback';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
  readonly wide?: boolean;
  /** Enter in a field does what the foot's submit button does. */
  readonly onSubmit?: () => void;
}

/** A modal dialog by the browser's own element: focus stays inside, Esc closes, focus returns. */
export function Dialog({ title, onClose, children, foot, wide = false, onSubmit }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onSubmit?.();
  };
  const content = <><div className={css.body}>{children}</div>{foot && <div className={css.foot}>{foot}</div>}</>;
  return (
    <dialog ref={dialog} className={classes(css.dialog, wide && css.wide)} aria-labelledby={heading} onKeyDown={event => event.stopPropagation()}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}>
      <div className={css.head}><h2 id={heading}>{title}</h2><IconButton icon={X} label={t('act.close')} side="end" onClick={onClose} /></div>
      {onSubmit ? <form className={css.form} onSubmit={submit} noValidate>{content}</form> : content}
    </dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly act: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly busy?: boolean;
  readonly reason?: Reason | undefined;
  /** The name that must be typed before the act can be done. */
  readonly typed?: string;
}

/** Asks before something is lost. */
export function Confirm({ title, children, act, onConfirm, onClose, busy = false, reason, typed }: ConfirmProps) {
  const [text, setText] = useState('');
  const ready = typed === undefined || text.trim() === typed;
  return (
    <Dialog title={title} onClose={onClose} onSubmit={() => ready && !busy && onConfirm()}
      foot={<><Button onClick={onClose}>{t('act.cancel')}</Button><Button kind="danger" type="submit" busy={busy} aria-disabled={!ready}>{act}</Button></>}>
      {reason && <ErrorBanner reason={reason} />}
      <div>{children}</div>
      {typed !== undefined && <TextField label={t('confirm.type', { name: typed })} value={text} onChange={event => setText(event.target.value)} autoFocus autoComplete="off" />}
    </Dialog>
  );
}
