import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { watchProject, type LiveKind } from '../api/live';

/** What is asked anew when something has changed. */
const answers: Readonly<Record<LiveKind, readonly string[]>> = {
  threads: ['threads', 'thread', 'thread-counts'],
  guidelines: ['guidelines', 'guideline-versions', 'guideline-readings'],
  queueJobs: ['queue-jobs', 'queue'],
};

/** Keeps what is on the page of a project up to date. */
export function useLive(projectId: string): void {
  const client = useQueryClient();
  useEffect(() => projectId ? watchProject(projectId, (changed, kind) => {
    if (changed !== projectId) return;
    for (const name of answers[kind] ?? []) void client.invalidateQueries({ queryKey: [name, projectId] });
  }) : undefined, [client, projectId]);
}
