import { X } from 'lucide-react';
import { createContext, useContext, useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
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
  /** What closing would lose, as a question; asked before it closes by Esc, cross or Cancel. */
  readonly loses?: string | false | undefined;
}

const fields = 'input:not([hidden], [type=color], [type=file]), select, textarea';
const closing = createContext<() => void>(() => undefined);

/** A modal dialog by the browser's own element: focus stays inside, Esc closes, focus returns. */
export function Dialog({ title, onClose, children, foot, wide = false, onSubmit, loses }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    const before = document.activeElement;
    const shown = dialog.current;
    shown?.showModal();
    // The first field, else what leaves everything as it is; the cross would be the browser's choice.
    (shown?.querySelector<HTMLElement>(`[data-body] :is(${fields})`) ?? shown?.querySelector<HTMLElement>('[data-foot] button') ?? shown?.querySelector<HTMLElement>('button'))?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const close = () => loses ? setAsking(true) : onClose();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onSubmit?.();
  };
  const content = (
    <>
      <div className={css.body} data-body>{children}</div>
      {asking
        ? <div className={css.foot} role="alert"><p className={css.asks}>{loses}</p><Button onClick={() => setAsking(false)} autoFocus>{t('act.keepEditing')}</Button><Button kind="danger" onClick={onClose}>{t('act.discard')}</Button></div>
        : foot && <div className={css.foot} data-foot>{foot}</div>}
    </>
  );
  return (
    <dialog ref={dialog} className={classes(css.dialog, wide && css.wide)} aria-labelledby={heading} onKeyDown={event => event.stopPropagation()}
      onCancel={event => {
        event.preventDefault();
        close();
      }}>
      <closing.Provider value={close}>
        <div className={css.head}><h2 id={heading} title={title}>{title}</h2><IconButton icon={X} label={t('act.close')} side="end" onClick={close} /></div>
        {onSubmit ? <form className={css.form} onSubmit={submit} noValidate>{content}</form> : content}
      </closing.Provider>
    </dialog>
  );
}

/** Leaves the dialog around as its cross does: asked first when something would be lost. */
export function Cancel({ children }: { readonly children?: ReactNode }) {
  const close = useContext(closing);
  return <Button onClick={close}>{children ?? t('act.cancel')}</Button>;
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
      foot={<><Cancel /><Button kind="danger" type="submit" busy={busy} aria-disabled={!ready}>{act}</Button></>}>
      {reason && <ErrorBanner reason={reason} />}
      <div>{children}</div>
      {typed !== undefined && <TextField label={t('confirm.type', { name: typed })} value={text} onChange={event => setText(event.target.value)} autoComplete="off" spellCheck={false} />}
    </Dialog>
  );
}
