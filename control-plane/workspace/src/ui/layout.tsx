import { Copy, Search } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { instantWithZone, t, when } from '../words';
import { Button, classes, CompactInput } from './controls';
import css from './layout.module.css';

export { css as layout };

export function PageHead({ title, lead, actions }: { readonly title: ReactNode; readonly lead?: ReactNode; readonly actions?: ReactNode }) {
  return <header className={css.head}><div><h1 title={typeof title === 'string' ? title : undefined}>{title}</h1>{lead && <p className={css.lead} title={typeof lead === 'string' ? lead : undefined}>{lead}</p>}</div>{actions && <div className={css.actions}>{actions}</div>}</header>;
}

export function Page({ children }: { readonly children: ReactNode }) {
  return <div className={css.page}>{children}</div>;
}

export function Card({ children, pad = false, title, actions }: { readonly children: ReactNode; readonly pad?: boolean; readonly title?: string; readonly actions?: ReactNode }) {
  return (
    <section className={classes(css.card, pad && css.pad)}>
      {title && <div className={pad ? css.row : css.bar}><h2 className={css.grow}>{title}</h2>{actions}</div>}
      {children}
    </section>
  );
}

export function When({ at }: { readonly at: string }) {
  return <time dateTime={at} title={instantWithZone(at)}>{when(at)}</time>;
}

/** Text that only screen readers get. */
export function Hidden({ children }: { readonly children: ReactNode }) {
  return <span className={css.hidden}>{children}</span>;
}

/** A search field with its sign inside. */
export function SearchField({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (text: string) => void }) {
  return (
    <div className={css.search}>
      <Search size={14} aria-hidden />
      <CompactInput label={label} placeholder={label} type="search" autoComplete="off" spellCheck={false} maxLength={200} value={value} onChange={event => onChange(event.target.value)} />
    </div>
  );
}

/** Text to take elsewhere exactly as it is. */
export function CopyBlock({ label, text, onCopied }: { readonly label: string; readonly text: string; readonly onCopied?: () => void }) {
  const [copied, setCopied] = useState<boolean | undefined>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      onCopied?.();
    } catch {
      // Without the right to the clipboard the text is selected by one click, and the button says so.
      setCopied(false);
    }
  };
  return (
    <div className={css.copy}>
      <code className={css.block} role="group" aria-label={label}>{text}</code>
      <Button icon={Copy} onClick={() => void copy()} aria-live="polite">{copied === undefined ? t('act.copy') : copied ? t('act.copied') : t('act.selectInstead')}</Button>
    </div>
  );
}
