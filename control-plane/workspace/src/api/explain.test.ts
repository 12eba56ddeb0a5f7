import { describe, expect, test } from 'vitest';
import { explain, fieldError } from './explain';
import { ApiProblem, toProblem } from './problem';

describe('an error says three things', () => {
  test('by its code, with the status that storage gave', () => {
    expect(explain({ code: 'asset.storage_forbidden', upstreamStatus: 403 })).toEqual({
      what: 'The picture could not be loaded: the storage refused the request (403).',
      safe: 'Your work is saved.',
      todo: 'Ask the project admin to run the connection check, or try again.',
      code: 'asset.storage_forbidden',
    });
  });

  test('by the server’s own words where the catalogue has none', () => {
    const problem = toProblem(409, { code: 'import.running', title: 'An import of this prefix is running.', detail: 'Wait for it or cancel it.', traceId: '00-ab' });
    expect(explain(problem)).toMatchObject({ what: 'An import of this prefix is running.', todo: 'Wait for it or cancel it.', code: 'import.running · 00-ab' });
  });

  test('by its status when there is no body', () => {
    expect(explain(toProblem(403, undefined)).what).toBe('You may not do this.');
  });

  test('even when it has no name', () => {
    expect(explain(new Error('x is undefined'))).toMatchObject({ code: 'unknown' });
    expect(explain(undefined).what).not.toBe('');
  });
});

test('a refusal keeps fields and every violation', () => {
  const violations = [{ path: '/objects/0', code: 'geometry.outside', message: 'Outside the picture.' }];
  const problem = toProblem(422, { code: 'label.invalid', errors: { name: ['Too long.'] }, violations });
  expect(problem.violations).toEqual(violations);
  expect(fieldError(problem, 'name')).toBe('Too long.');
  expect(fieldError(problem, 'other')).toBeUndefined();
});

test('no answer and a gateway without its server are offline, a refusal is not', () => {
  expect(new ApiProblem('network.offline', 0).offline).toBe(true);
  expect(toProblem(503, undefined).offline).toBe(true);
  expect(toProblem(422, undefined).offline).toBe(false);
});
