import type { ReactNode } from 'react';
import { instantWithZone, t, when } from '../words';
import { Button, classes } from './controls';
import css from './layout.module.css';

export { css as layout };

export function PageHead({ title, lead, actions }: { readonly title: ReactNode; readonly lead?: ReactNode; readonly actions?: ReactNode }) {
  return <header className={css.head}><div><h1>{title}</h1>{lead && <p className={css.lead}>{lead}</p>}</div>{actions && <div className={css.actions}>{actions}</div>}</header>;
}

export function Page({ children }: { readonly children: ReactNode }) {
  return <div className={css.page}>{children}</div>;
}

export function Card({ children, pad = false, title, actions }: { readonly children: ReactNode; readonly pad?: boolean; readonly title?: string; readonly actions?: ReactNode }) {
  return (
    <section className={classes(css.card, pad && css.pad)}>
      {title && <div className={css.row}><h2 className={css.grow}>{title}</h2>{actions}</div>}
      {children}
    </section>
  );
}

export interface Column<Row> {
  readonly key: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  readonly number?: boolean;
  readonly controls?: boolean;
  readonly title?: (row: Row) => string | undefined;
}

export function Table<Row>({ rows, columns, id, label }: { readonly rows: readonly Row[]; readonly columns: readonly Column<Row>[]; readonly id: (row: Row) => string; readonly label: string }) {
  const cellClass = (column: Column<Row>) => classes(column.number && css.number, column.controls && css.controls) || undefined;
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={css.table}>
        <thead><tr>{columns.map(column => <th key={column.key} scope="col" className={cellClass(column)}>{column.controls ? <span className={css.hidden}>{column.head}</span> : column.head}</th>)}</tr></thead>
        <tbody>
          {rows.map(row => (
            <tr key={id(row)}>{columns.map(column => <td key={column.key} className={cellClass(column)} title={column.title?.(row)}>{column.cell(row)}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Steps through a listing that knows only what comes next: the pages before are remembered here. */
export function Pager({ page, hasNext, onPage }: { readonly page: number; readonly hasNext: boolean; readonly onPage: (page: number) => void }) {
  if (page === 0 && !hasNext) return null;
  return (
    <nav className={css.pager} aria-label={t('table.pages')}>
      <span>{t('table.page', { page: page + 1 })}</span>
      <Button aria-disabled={page === 0} onClick={() => onPage(page - 1)}>{t('table.previous')}</Button>
      <Button aria-disabled={!hasNext} onClick={() => onPage(page + 1)}>{t('table.next')}</Button>
    </nav>
  );
}

export function When({ at }: { readonly at: string }) {
  return <time dateTime={at} title={instantWithZone(at)}>{when(at)}</time>;
}

/** Text that only screen readers get. */
export function Hidden({ children }: { readonly children: ReactNode }) {
  return <span className={css.hidden}>{children}</span>;
}
