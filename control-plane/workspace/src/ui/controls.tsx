import { CircleAlert, LoaderCircle, type LucideIcon } from 'lucide-react';
import { useId, type ButtonHTMLAttributes, type ComponentProps, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from 'react';
import { t } from '../words';
import css from './controls.module.css';

export const classes = (...names: (string | false | undefined | null)[]) => names.filter(Boolean).join(' ');

type Kind = 'primary' | 'danger' | 'quiet' | 'plain';
/** The class of a button, for links that look like one. */
export const buttonClass = (kind: Kind = 'plain', large = false) => classes(css.button, kind !== 'plain' && css[kind], large && css.large);

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: Kind;
  readonly large?: boolean;
  readonly icon?: LucideIcon;
  /** Shown while the act runs; a second press does nothing. */
  readonly busy?: boolean;
  readonly keys?: string;
}

export function Button({ kind = 'plain', large = false, icon: Icon, busy = false, keys, children, className, onClick, ...rest }: ButtonProps) {
  const blocked = busy || rest['aria-disabled'] === true;
  return (
    <button type="button" {...rest} className={classes(buttonClass(kind, large), className)} aria-disabled={blocked || undefined}
      aria-busy={busy || undefined} onClick={event => blocked ? event.preventDefault() : onClick?.(event)}>
      {busy ? <LoaderCircle size={16} className={css.spin} aria-hidden /> : Icon && <Icon size={16} aria-hidden />}
      {children}
      {keys && <Keys keys={keys} />}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon;
  /** Said by screen readers and by the tooltip, with the key. */
  readonly label: string;
  readonly keys?: string;
  readonly pressed?: boolean;
  readonly side?: 'top' | 'right' | 'bottom' | 'left' | 'end';
}

export function IconButton({ icon: Icon, label, keys, pressed, side = 'bottom', className, ...rest }: IconButtonProps) {
  return (
    <button type="button" {...rest} className={classes(css.button, css.quiet, css.icon, css.tip, pressed && css.pressed, className)}
      aria-label={label} aria-pressed={pressed} aria-keyshortcuts={keys} data-tip={keys ? `${label} · ${keys}` : label} data-side={side}>
      <Icon size={16} aria-hidden />
    </button>
  );
}

export function Keys({ keys }: { readonly keys: string }) {
  return <kbd className={css.kbd}>{keys}</kbd>;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly optional?: boolean;
}

interface FieldParts { readonly id: string; readonly describedBy: string | undefined; readonly invalid: true | undefined }

function Field({ label, hint, error, optional, children }: FieldProps & { readonly children: (parts: FieldParts) => ReactNode }) {
  const id = useId();
  return (
    <div className={css.field}>
      <label className={css.label} htmlFor={id}>{label}{optional && <span className={css.optional}>{t('form.optional')}</span>}</label>
      {children({ id, describedBy: hint || error ? `${id}-note` : undefined, invalid: error ? true : undefined })}
      {(hint || error) && (
        <div id={`${id}-note`}>
          {error ? <p className={css.wrong} role="alert"><CircleAlert size={14} aria-hidden />{error}</p> : <p className={css.hint}>{hint}</p>}
        </div>
      )}
    </div>
  );
}

export function TextField({ label, hint, error, optional, className, ...rest }: FieldProps & ComponentProps<'input'>) {
  return (
    <Field {...{ label, hint, error, optional: optional ?? false }}>
      {({ id, describedBy, invalid }) =>
        <input {...rest} id={id} className={classes(css.input, className)} aria-describedby={describedBy} aria-invalid={invalid} />}
    </Field>
  );
}

export function TextArea({ label, hint, error, optional, code, ...rest }: FieldProps & ComponentProps<'textarea'> & { readonly code?: boolean }) {
  return (
    <Field {...{ label, hint, error, optional: optional ?? false }}>
      {({ id, describedBy, invalid }) =>
        <textarea {...rest} id={id} className={classes(css.input, code && css.code)} aria-describedby={describedBy} aria-invalid={invalid} spellCheck={!code} />}
    </Field>
  );
}

export function SelectField({ label, hint, error, optional, children, ...rest }: FieldProps & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Field {...{ label, hint, error, optional: optional ?? false }}>
      {({ id, describedBy, invalid }) =>
        <select {...rest} id={id} className={css.input} aria-describedby={describedBy} aria-invalid={invalid}>{children}</select>}
    </Field>
  );
}

/** A select without a visible label, for tables and tool bars. */
export function CompactSelect({ label, className, ...rest }: SelectHTMLAttributes<HTMLSelectElement> & { readonly label: string }) {
  return <select {...rest} aria-label={label} className={classes(css.input, css.small, className)} />;
}

export function CompactInput({ label, className, ...rest }: InputHTMLAttributes<HTMLInputElement> & { readonly label: string }) {
  return <input {...rest} aria-label={label} className={classes(css.input, css.small, className)} />;
}

export function Check({ label, hint, type = 'checkbox', ...rest }: InputHTMLAttributes<HTMLInputElement> & { readonly label: ReactNode; readonly hint?: string }) {
  return (
    <label className={css.check}>
      <input {...rest} type={type} />
      <span>{label}{hint && <span className={css.hint}><br />{hint}</span>}</span>
    </label>
  );
}

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'neutral';

/** A state as icon and word: never as colour alone. */
export function Badge({ tone = 'neutral', icon: Icon, children, title }: { readonly tone?: Tone; readonly icon?: LucideIcon; readonly children: ReactNode; readonly title?: string }) {
  return <span className={classes(css.badge, tone !== 'neutral' && css[tone])} title={title}>{Icon && <Icon aria-hidden />}{children}</span>;
}
