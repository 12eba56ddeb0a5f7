import { expect, test } from 'vitest';
import type { QualityRules } from '../../api';
import { linesOf } from './knownAnswers';
import { faults, toRules, typedOf } from './rules';

const rules: QualityRules = {
  honeypotShare: 0.07, honeypotSpacing: 10, honeypotMostGiven: null, pauseThreshold: 0.7, window: 50, minimum: 10, driftReference: null, driftSlack: 0.05, driftLimit: 0.5, consensusBlocksDone: true,
};

test('rules come back as they were, shares without a trace of binary fractions', () => {
  expect(typedOf(rules)).toMatchObject({ honeypotShare: '7', honeypotMostGiven: '', pauseThreshold: '70', driftReference: '', driftLimit: '0.5' });
  expect(toRules(typedOf(rules))).toEqual(rules);
});

test('what is out of its range is named, and nothing is missing that must be there', () => {
  expect([...faults(typedOf(rules))]).toEqual([]);
  expect([...faults({ ...typedOf(rules), honeypotShare: '51', honeypotSpacing: '1.5', window: '', minimum: '60' })]).toEqual(['honeypotShare', 'honeypotSpacing', 'window', 'minimum']);
  expect([...faults({ ...typedOf(rules), window: '5' })]).toEqual(['minimum']);
});

test('known answers are read from a list of names and documents, and from nothing else', () => {
  expect(linesOf('[{"name":"a.jpg","document":{"objects":[]}}]')).toEqual([{ name: 'a.jpg', connectionId: null, document: { objects: [] } }]);
  for (const text of ['', '[]', '{}', '[{"name":1,"document":{}}]', '[{"name":"a"}]', '[null]']) expect(linesOf(text)).toBeUndefined();
});
