import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiProblem, type Lease } from '../../api';
import { ActivityClock, idleMilliseconds } from './activityClock';
import { LeaseKeeper } from './leaseKeeper';

const minute = 60_000;
const in30 = (): Lease => ({ expiresAt: new Date(Date.now() + 30 * minute).toISOString() });
let clock: ActivityClock;
beforeEach(() => {
  vi.useFakeTimers();
  clock = new ActivityClock();
});
afterEach(() => vi.useRealTimers());

test('work renews the hold once a minute; a pause lets it end, then lapse', async () => {
  const beat = vi.fn(async () => in30());
  const keeper = new LeaseKeeper(in30(), beat, clock);
  clock.act();
  await vi.advanceTimersByTimeAsync(3 * minute);
  expect(beat).toHaveBeenCalledTimes(3);
  await vi.advanceTimersByTimeAsync(29 * minute);
  expect(keeper.state.kind).toBe('ending');
  await vi.advanceTimersByTimeAsync(4 * minute);
  expect(keeper.state.kind).toBe('lapsed');
  keeper.close();
});

test('a 409 says that someone else has it, for good', async () => {
  const beat = vi.fn(() => Promise.reject(new ApiProblem('task.taken', 409)));
  const keeper = new LeaseKeeper(in30(), beat, clock);
  clock.act();
  await vi.advanceTimersByTimeAsync(3 * minute);
  expect(keeper.state.kind).toBe('taken');
  expect(beat).toHaveBeenCalledTimes(1);
  keeper.close();
});

test.each([['network.offline', 0], ['version.conflict', 409]])('%s takes nothing', async (code, status) => {
  const keeper = new LeaseKeeper(in30(), () => Promise.reject(new ApiProblem(code, status)), clock);
  clock.act();
  await vi.advanceTimersByTimeAsync(2 * minute);
  expect(keeper.state.kind).toBe('held');
  keeper.close();
});

test('pauses are no work', () => {
  clock.act();
  vi.advanceTimersByTime(10_000);
  clock.act();
  vi.advanceTimersByTime(600_000);
  clock.act();
  expect(clock.activeMs).toBe(10_000 + idleMilliseconds);
  clock.pause();
  vi.advanceTimersByTime(600_000);
  expect(clock.activeMs).toBe(10_000 + idleMilliseconds);
});
