import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IdleWatch, warningMilliseconds } from './idle';

const hour = 3_600_000;
let reports: number;
let open: IdleWatch[];
const watch = () => {
  const one = new IdleWatch({ limitMilliseconds: hour, report: async () => reports++ });
  open.push(one);
  return one;
};

beforeEach(() => {
  vi.useFakeTimers();
  reports = 0;
  open = [];
});
afterEach(() => {
  for (const one of open) one.close();
  vi.useRealTimers();
});

test('nobody at the page: warned two minutes before the end, then over', () => {
  const idle = watch();
  vi.advanceTimersByTime(hour - warningMilliseconds - 1);
  expect(idle.state.kind).toBe('here');
  vi.advanceTimersByTime(1);
  expect(idle.state).toEqual({ kind: 'warned', endsAt: Date.now() + warningMilliseconds });
  vi.advanceTimersByTime(warningMilliseconds);
  expect(idle.state.kind).toBe('over');
  idle.stay();
  expect(idle.state.kind).toBe('over');
});

test('a touch moves the end and is reported once a minute at most', () => {
  const idle = watch();
  for (let i = 0; i < 300; i++) {
    vi.advanceTimersByTime(1_000);
    idle.touched();
  }
  expect(reports).toBe(5);
  vi.advanceTimersByTime(hour - warningMilliseconds - 1);
  expect(idle.state.kind).toBe('here');
});

test('while the warning is shown a stray touch does not count, its button does', () => {
  const idle = watch();
  vi.advanceTimersByTime(hour - 60_000);
  idle.touched();
  expect(idle.state.kind).toBe('warned');
  idle.stay();
  expect(idle.state.kind).toBe('here');
  expect(reports).toBe(1);
});

test('somebody at work in one tab keeps the others open', async () => {
  vi.useRealTimers();
  let at = 0;
  const one = new IdleWatch({ limitMilliseconds: warningMilliseconds, report: async () => undefined, now: () => at });
  expect(one.state.kind).toBe('warned');
  open.push(one);
  const other = new BroadcastChannel('hybrid.activity');
  at = 1_000_000;
  other.postMessage('active');
  await vi.waitFor(() => expect(one.state).toMatchObject({ kind: 'warned', endsAt: 1_000_000 + warningMilliseconds }));
  other.close();
});

test('a page that is loaded while nobody is there warns on time', () => {
  const idle = new IdleWatch({ limitMilliseconds: hour, idleMilliseconds: hour - warningMilliseconds - 1_000, report: async () => undefined });
  open.push(idle);
  expect(idle.state.kind).toBe('here');
  vi.advanceTimersByTime(1_000);
  expect(idle.state.kind).toBe('warned');
});
