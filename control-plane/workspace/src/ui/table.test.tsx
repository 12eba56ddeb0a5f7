// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { Pager, Table, type Column } from './table';

afterEach(cleanup);

interface Boat { readonly id: string; readonly name: string }
const boats: readonly Boat[] = Array.from({ length: 15 }, (_, at) => ({ id: `b${at}`, name: `Boat ${at}` }));
const columns: readonly Column<Boat>[] = [{ key: 'name', head: 'Name', cell: boat => boat.name }, { key: 'act', head: 'Acts', controls: true, cell: () => <button type="button">Sink</button> }];
const show = (onOpen?: (boat: Boat) => void, rows: readonly Boat[] | undefined = boats) =>
  render(<Table rows={rows} columns={columns} id={boat => boat.id} label="Boats" {...(onOpen ? { onOpen } : {})} />);
const rowAt = (at: number) => screen.getAllByRole('row')[at + 1]!;
const press = (key: string) => fireEvent.keyDown(document.activeElement!, { key });

test('rows are walked by arrows, Home, End and page keys, and stop at both ends', () => {
  show();
  rowAt(0).focus();
  for (const [key, at] of [['ArrowDown', 1], ['PageDown', 11], ['End', 14], ['ArrowDown', 14], ['ArrowUp', 13], ['PageUp', 3], ['Home', 0], ['ArrowUp', 0]] as const) {
    press(key);
    expect(document.activeElement, key).toBe(rowAt(at));
  }
});

test('one row alone is in the order of Tab: the one that had the focus last', () => {
  show();
  act(() => rowAt(0).focus());
  act(() => void press('ArrowDown'));
  expect(screen.getAllByRole('row').slice(1).filter(row => row.tabIndex === 0)).toEqual([rowAt(1)]);
});

test('Enter, Space and a click open the row; keys and clicks of a control in it do not', () => {
  const open = vi.fn();
  show(open);
  rowAt(2).focus();
  press('Enter');
  press(' ');
  fireEvent.click(screen.getByText('Boat 4'));
  expect(open.mock.calls.map(([boat]) => (boat as Boat).id)).toEqual(['b2', 'b2', 'b4']);
  const sink = screen.getAllByText('Sink')[0]!;
  sink.focus();
  press('Enter');
  press('ArrowDown');
  fireEvent.click(sink);
  expect(open).toHaveBeenCalledTimes(3);
  expect(document.activeElement).toBe(sink);
});

test('before its rows are there the table has their shape and says that it loads', () => {
  render(<Table rows={undefined} columns={columns} id={(boat: Boat) => boat.id} label="Boats" />);
  expect(screen.getByRole('region').getAttribute('aria-busy')).toBe('true');
  expect(screen.getByRole('status').textContent).toBe('Loading');
  expect(screen.getAllByRole('columnheader')).toHaveLength(2);
});

test('the pager says which rows of how many, and is not there for a single page', () => {
  const { rerender } = render(<Pager page={0} size={10} shown={10} total={10} hasNext={false} onPage={() => undefined} />);
  expect(screen.queryByRole('navigation')).toBeNull();
  const go = vi.fn();
  rerender(<Pager page={1} size={10} shown={2} total={12} hasNext={false} onPage={go} />);
  expect(screen.getByRole('status').textContent).toBe('11–12 of 12');
  fireEvent.click(screen.getByText('Next'));
  fireEvent.click(screen.getByText('Previous'));
  expect(go.mock.calls).toEqual([[0]]);
});
