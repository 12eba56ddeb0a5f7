// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { usePages } from './usePages';

afterEach(cleanup);

/** Answers as the control plane does: the count comes with the first page only. */
async function page({ after, limit }: { after: string | undefined; limit: number }) {
  const from = Number(after ?? 0);
  const items = [1, 2, 3, 4, 5].slice(from, from + limit);
  return { items, next: from + limit < 5 ? String(from + limit) : null, total: after === undefined ? 5 : null };
}

test('goes forward to the end and back, and knows the count on every page', async () => {
  const client = new QueryClient();
  const { result } = renderHook(() => usePages(['numbers'], page, { size: 2 }), { wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider> });
  expect(result.current.rows).toBeUndefined();
  const seen: (readonly number[] | undefined)[] = [];
  for (const to of [1, 2, 1]) {
    await waitFor(() => expect(result.current.query.isFetching).toBe(false));
    seen.push(result.current.rows);
    expect(result.current.total).toBe(5);
    act(() => result.current.pager.onPage(to));
  }
  await waitFor(() => expect(result.current.rows).toEqual([3, 4]));
  expect(seen).toEqual([[1, 2], [3, 4], [5]]);
  expect(result.current.pager).toMatchObject({ page: 1, size: 2, shown: 2, hasNext: true });
});

test('another filter begins at its first page', async () => {
  const client = new QueryClient();
  const { result, rerender } = renderHook(({ filter }) => usePages(['numbers', filter], page, { size: 2 }), { initialProps: { filter: 'a' }, wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider> });
  await waitFor(() => expect(result.current.pager.hasNext).toBe(true));
  act(() => result.current.pager.onPage(1));
  await waitFor(() => expect(result.current.rows).toEqual([3, 4]));
  rerender({ filter: 'b' });
  await waitFor(() => expect(result.current.query.isPlaceholderData).toBe(false));
  expect(result.current.pager.page).toBe(0);
  expect(result.current.rows).toEqual([1, 2]);
});
