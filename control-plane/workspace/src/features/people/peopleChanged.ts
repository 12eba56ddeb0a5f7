import type { QueryClient } from '@tanstack/react-query';

const listeners = new Set<(projectId: string) => void>();

/** Drops every answer of a project that names people the old way; pages on the screen ask anew. */
export function peopleChanged(client: QueryClient, projectId: string): void {
  void client.resetQueries({ predicate: ({ queryKey }) => queryKey.includes(projectId) });
  for (const listener of listeners) listener(projectId);
}

/** Calls when a project begins to show people another way; the answer ends that. */
export function onPeopleChanged(listener: (projectId: string) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
