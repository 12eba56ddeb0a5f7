import { useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { t } from '../words';
import { Button, classes } from './controls';
import { Skeleton } from './feedback';
import hidden from './layout.module.css';
import css from './table.module.css';

export interface Column<Row> {
  readonly key: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  readonly number?: boolean;
  readonly controls?: boolean;
  readonly title?: (row: Row) => string | undefined;
  /** Left out where the window is narrow: what else tells, or the opened row. */
  readonly spare?: boolean;
  /** Pixels of the grey bar that stands here while the rows are on their way. */
  readonly width?: number;
}

interface TableProps<Row> {
  /** Nothing while they are on their way: the table then has its true shape without them. */
  readonly rows: readonly Row[] | undefined;
  readonly columns: readonly Column<Row>[];
  readonly id: (row: Row) => string;
  readonly label: string;
  /** What Enter, Space or a click on a row does; the first column then is its button. */
  readonly onOpen?: (row: Row) => void;
  /** The rows are those of another page or filter, and the asked ones are on their way. */
  readonly old?: boolean;
}

const pageStep = 10;

/** Rows by arrows, Home, End and page keys; one row is in the order of Tab, then what it holds. */
export function Table<Row>({ rows, columns, id, label, onOpen, old = false }: TableProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [place, setPlace] = useState(0);
  const last = (rows?.length ?? 0) - 1;
  const current = Math.min(place, last);
  const cellClass = (column: Column<Row>) => classes(column.number && css.number, column.controls && css.controls, column.spare && css.spare) || undefined;

  const press = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLTableRowElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    // The row that has the focus now: what was drawn last may be a moment older.
    const at = Number(event.target.dataset.row);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last, PageDown: at + pageStep, PageUp: at - pageStep }[event.key];
    const row = rows?.[at];
    if (to !== undefined) body.current?.querySelector<HTMLElement>(`[data-row="${Math.max(0, Math.min(last, to))}"]`)?.focus();
    else if ((event.key === 'Enter' || event.key === ' ') && onOpen && row) onOpen(row);
    else return;
    event.preventDefault();
  };
  const click = (event: MouseEvent, row: Row) => {
    const own = event.target instanceof Element && event.target.closest('a, button:not([data-opens]), input, select, label');
    if (!own && !getSelection()?.toString()) onOpen?.(row);
  };

  return (
    <div className={css.scroll} role="region" aria-label={label} aria-busy={old || !rows || undefined} tabIndex={rows?.length ? undefined : 0}>
      <table className={classes(css.table, onOpen && css.opens, old && css.old)}>
        <thead><tr>{columns.map(column => <th key={column.key} scope="col" className={cellClass(column)}>{column.controls ? <span className={hidden.hidden}>{column.head}</span> : column.head}</th>)}</tr></thead>
        <tbody ref={body} onKeyDown={press}>
          {rows ? rows.map((row, index) => (
            <tr key={id(row)} data-row={index} tabIndex={index === current ? 0 : -1} onFocus={() => setPlace(index)} onClick={onOpen && (event => click(event, row))}>
              {columns.map((column, at) => (
                <td key={column.key} className={cellClass(column)} title={column.title?.(row)}>
                  {column.controls ? <span>{column.cell(row)}</span> : onOpen && at === 0 ? <button type="button" className={css.open} tabIndex={-1} data-opens>{column.cell(row)}</button> : column.cell(row)}
                </td>
              ))}
            </tr>
          )) : Array.from({ length: 8 }, (_, row) => (
            <tr key={row}>{columns.map((column, at) => (
              <td key={column.key} className={cellClass(column)}>{!column.controls && <Skeleton className={css.wait} width={(column.width ?? 80) * (1 - ((row * 7 + at * 3) % 5) * 0.08)} height={10} />}</td>
            ))}</tr>
          ))}
        </tbody>
      </table>
      {!rows && <span role="status" className={hidden.hidden}>{t('state.loading')}</span>}
    </div>
  );
}

interface PagerProps {
  readonly page: number;
  readonly size: number;
  readonly shown: number;
  readonly total: number | undefined;
  readonly hasNext: boolean;
  readonly onPage: (page: number) => void;
}

/** Steps through a listing that knows only what comes next: the pages before are remembered by who reads it. */
export function Pager({ page, size, shown, total, hasNext, onPage }: PagerProps) {
  if (page === 0 && !hasNext) return null;
  const [from, to] = [page * size + 1, page * size + shown];
  return (
    <nav className={css.pager} aria-label={t('table.pages')}>
      <span role="status">{total === undefined ? t('table.rangeOpen', { from, to }) : t('table.range', { from, to, total })}</span>
      <Button aria-disabled={page === 0} onClick={() => onPage(page - 1)}>{t('table.previous')}</Button>
      <Button aria-disabled={!hasNext} onClick={() => onPage(page + 1)}>{t('table.next')}</Button>
    </nav>
  );
}
