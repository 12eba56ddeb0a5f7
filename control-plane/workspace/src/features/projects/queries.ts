import { queryOptions } from '@tanstack/react-query';
import { api, type Project } from '../../api';

/** One's own projects for Home and the palette: the first by name, as many as one answer holds. */
export const projectsQuery = queryOptions({ queryKey: ['projects', 'mine'], queryFn: ({ signal }) => api.projects.list({ limit: 200 }, signal), staleTime: 5_000 });

export const projectQuery = (projectId: string) => queryOptions({
  queryKey: ['project', projectId],
  queryFn: ({ signal }) => api.projects.read(projectId, signal),
  staleTime: 5_000,
  // Progress moves while others work.
  refetchInterval: 15_000,
});

/** What a role may do in a project; the control plane's list decides, pages only hide what would be refused. */
export type Act = 'project.view' | 'members.view' | 'members.manage' | 'task.work' | 'task.review' | 'queue.manage' | 'assets.explore' | 'ontology.manage' | 'workflow.manage' | 'storage.manage' | 'project.manage' | 'guideline.manage' | 'thread.take_part' | 'quality.manage';
export const may = (project: Pick<Project, 'acts'>, act: Act) => project.acts.includes(act);
