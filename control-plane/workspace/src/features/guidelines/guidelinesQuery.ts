import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api';

/** The guidelines in force, and what the person has still to read. */
export const guidelinesQuery = (projectId: string) => queryOptions({
  queryKey: ['guidelines', projectId],
  queryFn: ({ signal }) => api.guidelines.read(projectId, signal),
  staleTime: 30_000,
});

/** One version: it never changes. */
export const guidelineQuery = (projectId: string, version: number) => queryOptions({
  queryKey: ['guideline', projectId, version],
  queryFn: ({ signal }) => api.guidelines.version(projectId, version, signal),
  staleTime: Infinity,
});
