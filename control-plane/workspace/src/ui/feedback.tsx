import { CircleAlert, CircleCheck, Info, TriangleAlert, X, type LucideIcon } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { figure, t } from '../words';
import { Button, classes, IconButton, type Tone } from './controls';
import css from './feedback.module.css';

/** One sentence and one act, where a list has nothing to show. */
export function EmptyState({ icon: Icon, title, children, action, page = false }: { readonly icon?: LucideIcon; readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode; readonly page?: boolean }) {
  const Title = page ? 'h1' : 'h2';
  return (
    <div className={css.state}>
      {Icon && <Icon size={24} className={css.mark} aria-hidden />}
      <Title>{title}</Title>
      {children && <p>{children}</p>}
      {action && <div className={css.actions}>{action}</div>}
    </div>
  );
}

/** What an error says: see the api's `explain`. */
export interface Reason { readonly what: string; readonly safe: string; readonly todo: string; readonly code: string }

export function ErrorState({ reason, onRetry, action, page = false }: { readonly reason: Reason; readonly onRetry?: () => void; readonly action?: ReactNode; readonly page?: boolean }) {
  const Title = page ? 'h1' : 'h2';
  return (
    <div className={css.state} role="alert">
      <CircleAlert size={24} className={css.mark} aria-hidden />
      <Title>{reason.what}</Title>
      <p>{`${reason.safe} ${reason.todo}`}</p>
      <p className={css.code}>{t('error.code', { code: reason.code })}</p>
      {(onRetry ?? action) && <div className={css.actions}>{onRetry && <Button onClick={onRetry}>{t('act.tryAgain')}</Button>}{action}</div>}
    </div>
  );
}

const icons = { info: Info, warn: TriangleAlert, bad: CircleAlert, good: CircleCheck, neutral: Info } as const;

export function Banner({ tone = 'info', title, children, action }: { readonly tone?: Tone; readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode }) {
  const Icon = icons[tone];
  return (
    <div className={classes(css.banner, css[tone])} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon size={16} aria-hidden />
      <div><strong>{title}</strong>{children && <>{' '}{children}</>}</div>
      {action}
    </div>
  );
}

export function ErrorBanner({ reason, action }: { readonly reason: Reason; readonly action?: ReactNode }) {
  return <Banner tone="bad" title={reason.what} action={action}>{`${reason.safe} ${reason.todo}`} <span className={css.code}>{t('error.code', { code: reason.code })}</span></Banner>;
}

/** What is on its way, in its true size; seen only after 150 ms. */
export function Skeleton({ width, height, className }: { readonly width: number | string; readonly height: number; readonly className?: string | undefined }) {
  return <span className={classes(css.skeleton, className)} style={{ width, height }} aria-hidden />;
}

export interface Portion { readonly kind: 'done' | 'review' | 'doing' | 'back' | 'rest'; readonly label: string; readonly count: number }

/** How far the work is, as one bar and as words. */
export function PortionBar({ portions, label, legend = false }: { readonly portions: readonly Portion[]; readonly label: string; readonly legend?: boolean }) {
  const total = portions.reduce((sum, portion) => sum + portion.count, 0);
  const spoken = portions.filter(one => one.count > 0).map(one => `${one.label} ${figure(one.count)}`).join(', ');
  return (
    <>
      <div className={css.bar} role="img" aria-label={`${label}: ${spoken || t('state.nothingYet')}`}>
        {portions.filter(one => one.kind !== 'rest' && one.count > 0).map(one =>
          <div key={one.label} className={css[one.kind]} style={{ width: `${(one.count / total) * 100}%` }} />)}
      </div>
      {legend && <div className={css.legend}>{portions.map(one => <span key={one.label}><i className={one.kind === 'rest' ? undefined : css[one.kind]} />{one.label} {figure(one.count)}</span>)}</div>}
    </>
  );
}

interface Toast { readonly id: number; readonly tone: Tone; readonly text: string }
let toasts: readonly Toast[] = [];
let lastToast = 0;
const listeners = new Set<() => void>();
const changeToasts = (next: readonly Toast[]) => {
  toasts = next;
  for (const listener of listeners) listener();
};

/** Says briefly that something was done. Errors that need an act stay where the act is, and are no toasts. */
export function say(text: string, tone: Tone = 'good'): void {
  const id = ++lastToast;
  changeToasts([...toasts.slice(-2), { id, tone, text }]);
  setTimeout(() => changeToasts(toasts.filter(toast => toast.id !== id)), tone === 'good' ? 4_000 : 9_000);
}

export function Toasts() {
  const shown = useSyncExternalStore(listener => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => toasts);
  return (
    <div className={css.toasts} role="status" aria-live="polite">
      {shown.map(toast => {
        const Icon = icons[toast.tone];
        return (
          <div key={toast.id} className={css.toast}>
            <Icon size={16} aria-hidden /><div>{toast.text}</div>
            <IconButton icon={X} label={t('act.dismiss')} side="left" onClick={() => changeToasts(toasts.filter(one => one.id !== toast.id))} />
          </div>
        );
      })}
    </div>
  );
}

/** True once a state has lasted long enough to be worth showing. */
export function useLasting(active: boolean, milliseconds: number): boolean {
  const [lasted, setLasted] = useState(false);
  useEffect(() => {
    if (!active) return;
    const timer = setTimeout(() => setLasted(true), milliseconds);
    return () => {
      clearTimeout(timer);
      setLasted(false);
    };
  }, [active, milliseconds]);
  return active && lasted;
}
