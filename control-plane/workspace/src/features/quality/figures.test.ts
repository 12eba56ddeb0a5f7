import { expect, test } from 'vitest';
import { estimateText } from './figures';

test('a figure stands with its interval and n, and never below the minimum', () => {
  expect(estimateText({ n: 40, value: 0.9, lower: 0.8, upper: 0.95 })).toBe('90 % (80 % – 95 %), n 40');
  expect(estimateText({ n: 3, value: null, lower: null, upper: null })).toBe('n too small: 3');
  expect(estimateText({ n: 0, value: null, lower: null, upper: null })).not.toContain('0 %');
});
