import { expect, test } from 'vitest';
import { linesOf } from './GuidelineDiff';

const said = (before: string, after: string) => linesOf(before, after).map(line => `${line.kind}: ${line.parts.map(part => part.changed ? `[${part.text}]` : part.text).join('')}`);

test('a changed line shows its changed words on both sides', () => {
  expect(said('one\ntight boxes\nthree\n', 'one\ntight masks\nthree\n')).toEqual(['same: one', 'removed: tight [boxes]', 'added: tight [masks]', 'same: three']);
});

test('added and removed lines stand alone', () => {
  expect(said('one\n', 'one\ntwo\n')).toEqual(['same: one', 'added: two']);
  expect(said('one\ntwo\n', 'one\n')).toEqual(['same: one', 'removed: two']);
  expect(said('', '')).toEqual([]);
});
