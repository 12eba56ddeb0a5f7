import { expect, test } from 'vitest';
import { askedPerson, partsOf, plainText, toSend } from './mentions';

const ana = { id: '01234567-89ab-7cde-8f01-23456789abcd', name: 'Ana' };
const anabel = { id: '11234567-89ab-7cde-8f01-23456789abcd', name: 'Ana Bel' };

test('a text is shown with the people that it names', () => {
  const text = `@[${ana.id}] look, and @[?] too`;
  expect(partsOf(text, [ana])).toEqual([ana, ' look, and ', { id: '?', name: '?' }, ' too']);
  expect(plainText(text, [ana])).toBe('@Ana look, and @? too');
  expect(partsOf('no one', [])).toEqual(['no one']);
});

test('a person is asked for while a name is typed behind an @', () => {
  expect(askedPerson('Hello @An', 9)).toEqual({ from: 6, search: 'An' });
  expect(askedPerson('@', 1)).toEqual({ from: 0, search: '' });
  expect(askedPerson('mail@example', 12)).toBeUndefined();
  expect(askedPerson('Hello @An\nand', 13)).toBeUndefined();
});

test('chosen names are sent as ids, the longer one first', () => {
  expect(toSend('@Ana Bel and @Ana', [ana, anabel])).toBe(`@[${anabel.id}] and @[${ana.id}]`);
  expect(toSend('@Ana was not chosen', [])).toBe('@Ana was not chosen');
});
