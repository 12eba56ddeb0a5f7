// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import { dropDraft, isSame, keepDraft, keptDraft } from './guidelineDraft';

const draft = { basedOn: 3, text: '# Boats', sections: { boat: 'Tight.' }, reason: 'Masts', mustRead: true };
afterEach(() => localStorage.clear());

test('a draft is kept for one person in one project, until it is dropped', () => {
  expect(keepDraft('p1', 'ana', draft)).toBe(true);
  expect(keptDraft('p1', 'ana')).toEqual(draft);
  expect(keptDraft('p1', 'ben')).toBeUndefined();
  expect(keptDraft('p2', 'ana')).toBeUndefined();
  dropDraft('p1', 'ana');
  expect(keptDraft('p1', 'ana')).toBeUndefined();
});

test.each(['{', 'null', '{"text":1}', '{"basedOn":1,"text":"","reason":"","mustRead":false,"sections":{"a":1}}'])('what is no draft (%s) is none', kept => {
  localStorage.setItem('hybrid.guideline.ana.p1', kept);
  expect(keptDraft('p1', 'ana')).toBeUndefined();
});

test('an empty section is none', () => {
  expect(isSame({ text: 'a', sections: { boat: ' ', shore: 'x' } }, { text: 'a', sections: { shore: 'x' } })).toBe(true);
  expect(isSame({ text: 'a', sections: { shore: 'x' } }, { text: 'a', sections: { shore: 'y' } })).toBe(false);
});
