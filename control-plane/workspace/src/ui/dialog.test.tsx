// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { Button, TextField } from './controls';
import { Cancel, Confirm, Dialog } from './dialog';

afterEach(cleanup);
const cancelByKey = () => fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true }));

test('the first field has the focus, and what had it before gets it back', () => {
  render(<button type="button">Open</button>);
  screen.getByText('Open').focus();
  const { unmount } = render(<Dialog title="Add" onClose={() => undefined} foot={<Cancel />}><TextField label="Name" /></Dialog>);
  expect(document.activeElement).toBe(screen.getByLabelText('Name'));
  unmount();
  expect(document.activeElement).toBe(screen.getByText('Open'));
});

test('without a field the safe button has the focus, not the cross', () => {
  render(<Confirm title="Remove?" act="Remove" onConfirm={() => undefined} onClose={() => undefined}>Gone.</Confirm>);
  expect(document.activeElement?.textContent).toBe('Cancel');
});

test('Esc, cross and Cancel ask before typed text is lost, and close at once when there is none', () => {
  const close = vi.fn();
  const { rerender } = render(<Dialog title="Add" onClose={close} loses="Lost." foot={<Cancel />}><TextField label="Name" /></Dialog>);
  for (const leave of [cancelByKey, () => fireEvent.click(screen.getByLabelText('Close')), () => fireEvent.click(screen.getByText('Cancel'))]) {
    leave();
    expect(screen.getByRole('alert').textContent).toContain('Lost.');
    fireEvent.click(screen.getByText('Keep editing'));
  }
  expect(close).not.toHaveBeenCalled();
  cancelByKey();
  fireEvent.click(screen.getByText('Discard changes'));
  expect(close).toHaveBeenCalledTimes(1);
  rerender(<Dialog title="Add" onClose={close} loses={false} foot={<Cancel />}><TextField label="Name" /></Dialog>);
  fireEvent.click(screen.getByText('Keep editing', { exact: false }));
  cancelByKey();
  expect(close).toHaveBeenCalledTimes(2);
});

test('a dangerous act waits until its name is typed', () => {
  const act = vi.fn();
  render(<Confirm title="Revoke?" act="Revoke" typed="Lyon" onConfirm={act} onClose={() => undefined}>Gone.</Confirm>);
  const form = screen.getByRole('dialog').querySelector('form')!;
  fireEvent.submit(form);
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'lyon' } });
  fireEvent.submit(form);
  expect(act).not.toHaveBeenCalled();
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'Lyon' } });
  fireEvent.submit(form);
  expect(act).toHaveBeenCalledTimes(1);
});

test('a busy button can be seen and does nothing', () => {
  const act = vi.fn();
  render(<Button busy onClick={act}>Save</Button>);
  fireEvent.click(screen.getByText('Save'));
  expect(act).not.toHaveBeenCalled();
  expect(screen.getByRole('button').getAttribute('aria-busy')).toBe('true');
});
