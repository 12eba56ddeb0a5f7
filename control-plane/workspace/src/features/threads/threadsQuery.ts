import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api';

/** Without the live link threads are asked for anew this often. */
const againMilliseconds = 60_000;

/** The threads of one asset that exist for the person. */
export const threadsOfAsset = (projectId: string, assetId: string) => queryOptions({
  queryKey: ['threads', projectId, 'of', assetId],
  queryFn: ({ signal }) => api.threads.list(projectId, { asset: assetId, limit: 100 }, signal),
  refetchInterval: againMilliseconds,
});

export const threadQuery = (projectId: string, threadId: string) => queryOptions({
  queryKey: ['thread', projectId, threadId],
  queryFn: ({ signal }) => api.threads.read(projectId, threadId, signal),
  refetchInterval: againMilliseconds,
});

export const threadCountsQuery = (projectId: string) => queryOptions({
  queryKey: ['thread-counts', projectId],
  queryFn: ({ signal }) => api.threads.counts(projectId, signal),
  refetchInterval: againMilliseconds,
});
