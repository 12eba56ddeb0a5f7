import { expect, test } from 'vitest';
import { uuidv7 } from './uuid';

test('an id tells the day of its making and nothing finer', () => {
  const ids = [Date.UTC(2026, 10, 27, 3, 4, 5, 6), Date.UTC(2026, 10, 27, 23, 59, 59, 999)].map(now => uuidv7(now));
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.UTC(2026, 10, 27));
  }
  expect(new Set(Array.from({ length: 1000 }, () => uuidv7())).size).toBe(1000);
});
