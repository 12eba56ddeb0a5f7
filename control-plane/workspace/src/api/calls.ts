import type { LabelDocument, Ontology } from '../engine';
import type {
  AgentDetail, AgentRow, AssetRow, AssetStatus, ConnectionRow, EnrolmentTokenView, ImportView, Lease, Member, NextTask, OntologyVersion,
  OrganizationRole, Page, PersonRow, ProbeView, Project, ProjectConnection, ProjectRole, ProjectSummary, QueueRow, SessionView, TaskView,
  WorkKind,
} from './model';
import { path, send } from './send';

interface Paging { readonly after?: string | undefined; readonly limit?: number }
const tasksOf = (projectId: string) => path`/api/projects/${projectId}/tasks`;

export const session = {
  read: (signal?: AbortSignal) => send<SessionView>('GET', '/api/session', { signal }),
  start: (body: { email: string; password: string; keyThumbprint: string }) => send<SessionView>('POST', '/api/session', { body }),
  unlock: (proof: string) => send<SessionView>('POST', '/api/session/unlock', { body: { proof } }),
  end: () => send<void>('DELETE', '/api/session'),
};

export const people = {
  list: (paging: Paging, signal?: AbortSignal) => send<Page<PersonRow>>('GET', '/api/people', { query: { ...paging }, signal }),
  add: (body: { email: string; name: string; role: OrganizationRole; password: string }) => send<PersonRow>('POST', '/api/people', { body }),
};

export const projects = {
  list: (signal?: AbortSignal) => send<Page<ProjectSummary>>('GET', '/api/projects', { signal }),
  create: (body: { name: string; description: string; connectionIds: readonly string[]; ontology?: Ontology; stepSeparation?: boolean; reviewStep?: boolean }) =>
    send<{ id: string }>('POST', '/api/projects', { body }),
  read: (projectId: string, signal?: AbortSignal) => send<Project>('GET', path`/api/projects/${projectId}`, { signal }),
  connections: (projectId: string, signal?: AbortSignal) =>
    send<Page<ProjectConnection>>('GET', path`/api/projects/${projectId}/connections`, { signal }),
  assets: (projectId: string, query: Paging & { status?: AssetStatus | undefined; search?: string | undefined }, signal?: AbortSignal) =>
    send<Page<AssetRow>>('GET', path`/api/projects/${projectId}/assets`, { query: { ...query }, signal }),
};

export const members = {
  list: (projectId: string, signal?: AbortSignal) => send<Page<Member>>('GET', path`/api/projects/${projectId}/members`, { signal }),
  add: (projectId: string, body: { personId: string; role: ProjectRole }) => send<Member>('POST', path`/api/projects/${projectId}/members`, { body }),
  change: (projectId: string, personId: string, role: ProjectRole) =>
    send<Member>('PUT', path`/api/projects/${projectId}/members/${personId}`, { body: { role } }),
  remove: (projectId: string, personId: string) => send<void>('DELETE', path`/api/projects/${projectId}/members/${personId}`),
};

export const ontologies = {
  read: (projectId: string, signal?: AbortSignal) => send<OntologyVersion>('GET', path`/api/projects/${projectId}/ontology`, { signal }),
  save: (projectId: string, version: number, document: Ontology) =>
    send<OntologyVersion>('PUT', path`/api/projects/${projectId}/ontology`, { body: { document }, headers: { 'if-match': `"${version}"` } }),
};

export const imports = {
  list: (projectId: string, signal?: AbortSignal) => send<Page<ImportView>>('GET', path`/api/projects/${projectId}/imports`, { signal }),
  start: (projectId: string, body: { connectionId: string; prefix: string; include: readonly string[]; exclude: readonly string[] }) =>
    send<ImportView>('POST', path`/api/projects/${projectId}/imports`, { body }),
  cancel: (projectId: string, importId: string) => send<ImportView>('POST', path`/api/projects/${projectId}/imports/${importId}/cancel`),
};

export const agents = {
  list: (signal?: AbortSignal) => send<Page<AgentRow>>('GET', '/api/agents', { signal }),
  read: (agentId: string, signal?: AbortSignal) => send<AgentDetail>('GET', path`/api/agents/${agentId}`, { signal }),
  create: (name: string) => send<{ id: string }>('POST', '/api/agents', { body: { name } }),
  token: (agentId: string) => send<EnrolmentTokenView>('POST', path`/api/agents/${agentId}/tokens`),
  revoke: (agentId: string) => send<void>('POST', path`/api/agents/${agentId}/revoke`),
  connections: (signal?: AbortSignal) => send<Page<ConnectionRow>>('GET', '/api/connections', { signal }),
  probe: (connectionId: string) => send<ProbeView>('POST', path`/api/connections/${connectionId}/probe`),
};

export const tasks = {
  queue: (projectId: string, query: Paging & { state?: string | undefined }, signal?: AbortSignal) =>
    send<Page<QueueRow>>('GET', tasksOf(projectId), { query: { ...query }, signal }),
  next: (projectId: string, kind: WorkKind, reserve: number) => send<NextTask>('POST', `${tasksOf(projectId)}/next`, { body: { kind, reserve } }),
  claim: (projectId: string, taskId: string) => send<TaskView>('POST', tasksOf(projectId) + path`/${taskId}/claim`),
  read: (projectId: string, taskId: string, signal?: AbortSignal) => send<TaskView>('GET', tasksOf(projectId) + path`/${taskId}`, { signal }),
  heartbeat: (projectId: string, taskId: string, activeMs: number) =>
    send<Lease>('POST', tasksOf(projectId) + path`/${taskId}/heartbeat`, { body: { activeMs } }),
  release: (projectId: string, taskId: string) => send<void>('POST', tasksOf(projectId) + path`/${taskId}/release`),
  skip: (projectId: string, taskId: string, reason: string) => send<void>('POST', tasksOf(projectId) + path`/${taskId}/skip`, { body: { reason } }),
  saveDraft: (projectId: string, taskId: string, body: { document: LabelDocument; revision: number; activeMs: number }) =>
    send<{ revision: number; savedAt: string }>('PUT', tasksOf(projectId) + path`/${taskId}/draft`, { body }),
  submit: (projectId: string, taskId: string, key: string, body: { document: LabelDocument; activeMs: number }) =>
    send<{ labelId: string; version: number; digest: string }>('POST', tasksOf(projectId) + path`/${taskId}/submit`, { body, headers: { 'idempotency-key': key } }),
  review: (projectId: string, taskId: string, key: string, body: ReviewBody) =>
    send<void>('POST', tasksOf(projectId) + path`/${taskId}/review`, { body, headers: { 'idempotency-key': key } }),
  dimensions: (projectId: string, taskId: string, body: { width: number; height: number; orientation: number }) =>
    send<void>('PUT', tasksOf(projectId) + path`/${taskId}/dimensions`, { body }),
};

export interface ReviewBody {
  readonly outcome: 'approve' | 'correct' | 'sendBack';
  readonly labelId: string;
  readonly document?: LabelDocument;
  readonly reason?: string;
  readonly score?: number;
  readonly activeMs: number;
}
