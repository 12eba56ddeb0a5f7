// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useSyncExternalStore } from 'react';
import { afterEach, expect, test } from 'vitest';
import { currentLanguage, speak, whenLanguageChanges } from '../words';
import { useTyped } from './useTyped';

function Field() {
  const [text, change] = useTyped('field');
  return <input aria-label="field" value={text} onChange={event => change(event.target.value)} />;
}

/** Like the pages: drawn anew in another language. */
function Pages() {
  return <Field key={useSyncExternalStore(whenLanguageChanges, currentLanguage)} />;
}

const field = () => screen.getByLabelText<HTMLInputElement>('field');

afterEach(async () => {
  cleanup();
  await speak('en');
});

test('what was typed is there in the other language, and gone once the page was left', async () => {
  await speak('en');
  const { unmount } = render(<Pages />);
  fireEvent.change(field(), { target: { value: 'half a password' } });
  const before = field();
  await act(() => speak('de'));
  expect(field()).not.toBe(before);
  expect(field().value).toBe('half a password');

  unmount();
  render(<Pages />);
  expect(field().value).toBe('');
});
