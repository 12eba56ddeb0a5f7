import { keepPreviousData, useQuery, type QueryKey } from '@tanstack/react-query';
import { useState } from 'react';
import type { Page } from '../api';

/**
 * A listing that is read page by page. It knows only the cursor of what comes next, so the cursors of the pages before
 * are kept here; another filter (another key) begins anew.
 */
export function usePages<Row>(key: QueryKey, read: (after: string | undefined, signal: AbortSignal) => Promise<Page<Row>>) {
  const name = JSON.stringify(key);
  const [state, setState] = useState<{ name: string; cursors: readonly (string | undefined)[] }>({ name, cursors: [undefined] });
  const cursors = state.name === name ? state.cursors : [undefined];
  const page = cursors.length - 1;
  const query = useQuery({
    queryKey: [...key, cursors[page] ?? ''],
    queryFn: ({ signal }) => read(cursors[page], signal),
    placeholderData: keepPreviousData,
  });
  const next = query.data?.next ?? undefined;
  return {
    query,
    rows: query.data?.items ?? [],
    page,
    hasNext: next !== undefined && !query.isPlaceholderData,
    go: (to: number) => setState({ name, cursors: to > page && next !== undefined ? [...cursors, next] : cursors.slice(0, Math.max(1, to + 1)) }),
  };
}
