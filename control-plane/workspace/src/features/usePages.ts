import { keepPreviousData, useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useState } from 'react';
import type { Page } from '../api';

interface PagesOptions<Row> {
  /** Rows of one page. */
  readonly size: number;
  /** Milliseconds after which the page is asked again, by what it shows; false for never. */
  readonly again?: (rows: readonly Row[]) => number | false;
}

/**
 * A listing that is read page by page. It knows only the cursor of what comes next, so the cursors of the pages before
 * are kept here; another filter (another key) begins anew. The first page tells how many rows there are in all.
 */
export function usePages<Row>(key: QueryKey, read: (paging: { after: string | undefined; limit: number }, signal: AbortSignal) => Promise<Page<Row>>, { size, again }: PagesOptions<Row>) {
  const client = useQueryClient();
  const name = JSON.stringify(key);
  const [state, setState] = useState<{ name: string; cursors: readonly (string | undefined)[] }>({ name, cursors: [undefined] });
  const cursors = state.name === name ? state.cursors : [undefined];
  const page = cursors.length - 1;
  const query = useQuery({
    queryKey: [...key, cursors[page] ?? ''],
    queryFn: ({ signal }) => read({ after: cursors[page], limit: size }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => data && again ? again(data.items) : false,
  });
  const next = query.data?.next ?? undefined;
  const rows = query.data?.items;
  return {
    query,
    /** Nothing while the first page is on its way. */
    rows,
    total: query.data?.total ?? client.getQueryData<Page<Row>>([...key, ''])?.total ?? undefined,
    pager: {
      page,
      size,
      shown: rows?.length ?? 0,
      hasNext: next !== undefined && !query.isPlaceholderData,
      onPage: (to: number) => setState({ name, cursors: to > page && next !== undefined ? [...cursors, next] : cursors.slice(0, Math.max(1, to + 1)) }),
    },
  };
}
