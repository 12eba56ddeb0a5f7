import { expect, test } from 'vitest';
import { actionOf, chordOf, keyTable, type KeyPress, type KeySituation } from './keyboard';

const press = (key: string, how: Partial<KeyPress> = {}): KeyPress => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...how });
const here = (how: Partial<KeySituation> = {}): KeySituation => ({ typing: false, onPicture: true, editing: true, review: false, ...how });

test('chords are the same however a browser words them', () => {
  expect(chordOf(press('z', { ctrlKey: true }))).toBe('Ctrl+Z');
  expect(chordOf(press('Z', { metaKey: true, shiftKey: true }))).toBe('Ctrl+Shift+Z');
  expect(chordOf(press('ArrowLeft', { shiftKey: true }))).toBe('Shift+←');
  expect(chordOf(press('Tab', { shiftKey: true }))).toBe('Shift+Tab');
  // On many keyboards these signs need Shift.
  expect(chordOf(press('+', { shiftKey: true }))).toBe('+');
  expect(chordOf(press(' '))).toBe('Space');
});

test('nothing but submit and skip acts while somebody types', () => {
  const typing = here({ typing: true, onPicture: false });
  expect(keyTable.filter(row => row.keys.some(chord => actionOf(chord, typing) !== undefined)).map(row => row.id)).toEqual(['submit', 'skip']);
});

test('a key means one thing in each situation, and digits and arrows what the step asks for', () => {
  const situations = [here(), here({ onPicture: false }), here({ review: true }), here({ review: true, editing: false }), here({ editing: false })];
  for (const row of keyTable) expect(situations.some(one => row.keys.some(chord => actionOf(chord, one) === row.id)), `${row.id} is reached by its key`).toBe(true);
  expect(actionOf('3', here())).toBe('class');
  expect(actionOf('3', here({ review: true, editing: false }))).toBe('score');
  expect(actionOf('↓', here({ review: true, editing: false }))).toBe('stepNext');
  expect(actionOf('↓', here({ review: true }))).toBe('nudge');
  expect(actionOf('A', here())).toBeUndefined();
  expect(actionOf('Enter', here({ onPicture: false }))).toBeUndefined();
});
