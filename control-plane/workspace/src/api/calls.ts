import type { LabelDocument, Ontology } from '../engine';
import { whole } from '../engine/model/document';
import { answerOf, client } from './client';
import type {
  NewQueueJob, NewThread, QueueAct, QueueFilter, QueueSearch, TaskLabel, ThreadFilter, ThreadItem, ThreadKind,
  AccessVerdict, AssetStatus, MemberStatus, NewKey, NewProject, NewStep, NextTask, OntologyVersion, OrganizationRole, PasskeyAnswer, PeopleJobKind, ProjectRole, ProviderSettings, QualityRules, ReviewBody, TaskView, WorkKind,
} from './model';

const mostOutlivingBytes = 60_000;

interface Paging { readonly after?: string | undefined; readonly limit?: number }
interface Searching extends Paging { readonly search?: string | undefined }

/** What is not set is not sent. */
type Sent<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const set = <T extends object>(values: T): Sent<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== '')) as Sent<T>;
const until = (signal: AbortSignal | undefined) => signal ? { signal } : {};
const ofPerson = (personId: string) => ({ path: { personId } });
interface PeopleList { readonly kind: PeopleJobKind; readonly format: 'csv' | 'xlsx'; readonly content: string }
const inProject = (projectId: string) => ({ path: { projectId } });
const ofThread = (projectId: string, threadId: string) => ({ path: { projectId, threadId } });
const ofTask = (projectId: string, taskId: string) => ({ path: { projectId, taskId } });
/** A request that goes on when its page is closed. Browsers allow that to 64 KiB; what is larger waits on this machine for the next visit. */
const outliving = <T extends object>(body: T) => {
  const text = JSON.stringify(body);
  const keepalive = text.length <= mostOutlivingBytes && new TextEncoder().encode(text).length <= mostOutlivingBytes;
  return { body, bodySerializer: () => text, keepalive };
};
// The document types these headers loosely: each is one string.
const idempotent = (key: string) => ({ headers: { 'idempotency-key': key } });

export const session = {
  read: (signal?: AbortSignal) => answerOf(client.GET('/api/session', until(signal))),
  start: (body: { email: string; password: string; keyThumbprint: string }) => answerOf(client.POST('/api/session', { body })),
  discover: (email: string) => answerOf(client.POST('/api/session/discover', { body: { email } })),
  startAtProvider: (body: { providerId: string; keyThumbprint: string; returnTo: string }) => answerOf(client.POST('/api/session/sso', { body })),
  link: () => answerOf(client.POST('/api/session/sso/link')),
  factor: (code: string) => answerOf(client.POST('/api/session/factor', { body: { code } })),
  stepUp: (body: { code: string | null; password: string | null }) => answerOf(client.POST('/api/session/step-up', { body })),
  askForPasskey: (keyThumbprint: string) => answerOf(client.POST('/api/session/passkey/options', { body: { keyThumbprint } })),
  startByPasskey: (keyThumbprint: string, answer: PasskeyAnswer) => answerOf(client.POST('/api/session/passkey', { body: { keyThumbprint, answer } })),
  askForOwnPasskey: () => answerOf(client.POST('/api/session/passkey/own-options')),
  factorByPasskey: (passkey: PasskeyAnswer) => answerOf(client.POST('/api/session/factor', { body: { code: null, passkey } })),
  stepUpByPasskey: (passkey: PasskeyAnswer) => answerOf(client.POST('/api/session/step-up', { body: { code: null, password: null, passkey } })),
  goTo: (organizationId: string) => answerOf(client.POST('/api/session/organization', { body: { organizationId } })),
  active: () => answerOf(client.POST('/api/session/active')),
  unlock: (proof: string) => answerOf(client.POST('/api/session/unlock', { body: { proof } })),
  end: () => answerOf(client.DELETE('/api/session')),
};

/** Links that go by mail. Each is a POST, so that nothing that only follows links uses one up. */
export const mailLinks = {
  ask: (email: string) => answerOf(client.POST('/api/mail-links/password-reset', { body: { email } })),
  view: (token: string, signal?: AbortSignal) => answerOf(client.POST('/api/mail-links/view', { body: { token }, ...until(signal) })),
  reset: (body: { token: string; password: string }) => answerOf(client.POST('/api/mail-links/reset', { body })),
  join: (token: string) => answerOf(client.POST('/api/mail-links/join', { body: { token } })),
  accept: (body: { token: string; name: string; password: string }) => answerOf(client.POST('/api/mail-links/accept', { body })),
};

export const people = {
  list: (query: Searching & { status?: MemberStatus | undefined; teamId?: string | undefined }, signal?: AbortSignal) => answerOf(client.GET('/api/people', { params: { query: set(query) }, ...until(signal) })),
  add: (body: { email: string; name: string; role: OrganizationRole; password: string | null }) => answerOf(client.POST('/api/people', { body })),
  read: (personId: string, signal?: AbortSignal) => answerOf(client.GET('/api/people/{personId}', { params: ofPerson(personId), ...until(signal) })),
  changeRole: (personId: string, role: OrganizationRole) => answerOf(client.PUT('/api/people/{personId}/role', { params: ofPerson(personId), body: { role } })),
  deactivate: (personId: string) => answerOf(client.POST('/api/people/{personId}/deactivate', { params: ofPerson(personId) })),
  reactivate: (personId: string) => answerOf(client.POST('/api/people/{personId}/reactivate', { params: ofPerson(personId) })),
  invite: (personId: string) => answerOf(client.POST('/api/people/{personId}/invitation', { params: ofPerson(personId) })),
  withdraw: (personId: string) => answerOf(client.DELETE('/api/people/{personId}/invitation', { params: ofPerson(personId) })),
  export: (personId: string) => answerOf(client.POST('/api/people/{personId}/export', { params: ofPerson(personId) })),
  erase: (personId: string, email: string) => answerOf(client.POST('/api/people/{personId}/erase', { params: ofPerson(personId), body: { email } })),
  check: (body: PeopleList) => answerOf(client.POST('/api/people-jobs/check', { body })),
  start: (body: PeopleList) => answerOf(client.POST('/api/people-jobs', { body })),
  jobs: (signal?: AbortSignal) => answerOf(client.GET('/api/people-jobs', until(signal))),
  job: (jobId: string, signal?: AbortSignal) => answerOf(client.GET('/api/people-jobs/{jobId}', { params: { path: { jobId } }, ...until(signal) })),
};

export const teams = {
  list: (query: Searching, signal?: AbortSignal) => answerOf(client.GET('/api/teams', { params: { query: set(query) }, ...until(signal) })),
  create: (name: string) => answerOf(client.POST('/api/teams', { body: { name } })),
  rename: (teamId: string, name: string) => answerOf(client.PUT('/api/teams/{teamId}', { params: { path: { teamId } }, body: { name } })),
  remove: (teamId: string) => answerOf(client.DELETE('/api/teams/{teamId}', { params: { path: { teamId } } })),
  join: (teamId: string, personId: string) => answerOf(client.PUT('/api/teams/{teamId}/people/{personId}', { params: { path: { teamId, personId } } })),
  leave: (teamId: string, personId: string) => answerOf(client.DELETE('/api/teams/{teamId}/people/{personId}', { params: { path: { teamId, personId } } })),
};

/** The organization's settings, and what its admins see of every project: that it exists, and its members. */
export const organization = {
  security: (signal?: AbortSignal) => answerOf(client.GET('/api/organization/security', until(signal))),
  secure: (body: { idleMinutes: number; absoluteHours: number; mfaFrom: OrganizationRole | null }) => answerOf(client.PUT('/api/organization/security', { body })),
  projects: (query: Searching, signal?: AbortSignal) => answerOf(client.GET('/api/organization/projects', { params: { query: set(query) }, ...until(signal) })),
  members: (projectId: string, query: Searching, signal?: AbortSignal) =>
    answerOf(client.GET('/api/organization/projects/{projectId}/members', { params: { ...inProject(projectId), query: set(query) }, ...until(signal) })),
  takeAdmin: (projectId: string) => answerOf(client.POST('/api/organization/projects/{projectId}/admin', { params: inProject(projectId) })),
};

export const access = {
  list: (query: { offset: number; limit: number; search?: string | undefined }, signal?: AbortSignal) => answerOf(client.GET('/api/access', { params: { query: set(query) }, ...until(signal) })),
  file: '/api/access/file',
  decide: (body: { projectId: string; personId: string; teamId: string | null; verdict: AccessVerdict }) => answerOf(client.POST('/api/access/decisions', { body })),
};

export const profile = {
  read: (signal?: AbortSignal) => answerOf(client.GET('/api/profile', until(signal))),
  changePassword: (body: { current: string; new: string }) => answerOf(client.POST('/api/profile/password', { body })),
  changeLanguage: (language: string | null) => answerOf(client.PUT('/api/profile/language', { body: { language } })),
  beginAuthenticator: () => answerOf(client.POST('/api/profile/authenticator')),
  confirmAuthenticator: (code: string) => answerOf(client.POST('/api/profile/authenticator/confirm', { body: { code } })),
  removeAuthenticator: () => answerOf(client.DELETE('/api/profile/authenticator')),
  askForNewPasskey: () => answerOf(client.POST('/api/profile/passkeys/options')),
  addPasskey: (name: string, answer: PasskeyAnswer) => answerOf(client.POST('/api/profile/passkeys', { body: { name, answer } })),
  renamePasskey: (passkeyId: string, name: string) => answerOf(client.PUT('/api/profile/passkeys/{passkeyId}', { params: { path: { passkeyId } }, body: { name } })),
  removePasskey: (passkeyId: string, confirmed: boolean) => answerOf(client.DELETE('/api/profile/passkeys/{passkeyId}', { params: { path: { passkeyId }, query: { confirmed } } })),
  renewRecoveryCodes: () => answerOf(client.POST('/api/profile/recovery-codes')),
  endSession: (sessionId: string) => answerOf(client.DELETE('/api/profile/sessions/{sessionId}', { params: { path: { sessionId } } })),
  endOtherSessions: () => answerOf(client.DELETE('/api/profile/sessions')),
};

/** The organization's own identity provider, for its owners. */
export const singleSignOn = {
  read: (signal?: AbortSignal) => answerOf(client.GET('/api/organization/sso', until(signal))),
  configure: (body: ProviderSettings) => answerOf(client.PUT('/api/organization/sso', { body })),
  remove: () => answerOf(client.DELETE('/api/organization/sso')),
  claim: (domain: string) => answerOf(client.PUT('/api/organization/sso/domains/{domain}', { params: { path: { domain } } })),
  removeDomain: (domain: string) => answerOf(client.DELETE('/api/organization/sso/domains/{domain}', { params: { path: { domain } } })),
};

export const automation = {
  list: (signal?: AbortSignal) => answerOf(client.GET('/api/service-accounts', until(signal))),
  create: (body: { name: string; role: OrganizationRole }) => answerOf(client.POST('/api/service-accounts', { body })),
  issue: (accountId: string, body: NewKey) => answerOf(client.POST('/api/service-accounts/{accountId}/keys', { params: { path: { accountId } }, body })),
  rotate: (accountId: string, keyId: string, body: { overlapMinutes: number; expiresAt: string }) =>
    answerOf(client.POST('/api/service-accounts/{accountId}/keys/{keyId}/rotate', { params: { path: { accountId, keyId } }, body })),
  revoke: (accountId: string, keyId: string) => answerOf(client.DELETE('/api/service-accounts/{accountId}/keys/{keyId}', { params: { path: { accountId, keyId } } })),
};

export const projects = {
  list: (query: Searching, signal?: AbortSignal) => answerOf(client.GET('/api/projects', { params: { query: set(query) }, ...until(signal) })),
  create: (body: NewProject) => answerOf(client.POST('/api/projects', { body: { ...body, connectionIds: [...body.connectionIds] } })),
  read: (projectId: string, signal?: AbortSignal) => answerOf(client.GET('/api/projects/{projectId}', { params: inProject(projectId), ...until(signal) })),
  anonymize: (projectId: string, on: boolean) => answerOf(client.PUT('/api/projects/{projectId}/anonymization', { params: inProject(projectId), body: { on } })),
  requireMfa: (projectId: string, from: ProjectRole | null) => answerOf(client.PUT('/api/projects/{projectId}/mfa', { params: inProject(projectId), body: { from } })),
  templates: (signal?: AbortSignal) => answerOf(client.GET('/api/project-templates', until(signal))),
  deleted: (signal?: AbortSignal) => answerOf(client.GET('/api/deleted-projects', until(signal))),
  copy: (projectId: string, body: { name: string; ontology: boolean; workflow: boolean; members: boolean; connections: boolean }) => answerOf(client.POST('/api/projects/{projectId}/copy', { params: inProject(projectId), body })),
  archive: (projectId: string) => answerOf(client.POST('/api/projects/{projectId}/archive', { params: inProject(projectId) })),
  restore: (projectId: string) => answerOf(client.POST('/api/projects/{projectId}/restore', { params: inProject(projectId) })),
  remove: (projectId: string, name: string) => answerOf(client.POST('/api/projects/{projectId}/delete', { params: inProject(projectId), body: { name } })),
  note: (projectId: string, noticeId: string) => answerOf(client.POST('/api/projects/{projectId}/notices/{noticeId}/note', { params: { path: { projectId, noticeId } } })),
  connections: (projectId: string, signal?: AbortSignal) => answerOf(client.GET('/api/projects/{projectId}/connections', { params: inProject(projectId), ...until(signal) })),
  admit: (projectId: string, connectionId: string) => answerOf(client.PUT('/api/projects/{projectId}/connections/{connectionId}', { params: { path: { projectId, connectionId } } })),
  withdraw: (projectId: string, connectionId: string) => answerOf(client.DELETE('/api/projects/{projectId}/connections/{connectionId}', { params: { path: { projectId, connectionId } } })),
  assets: (projectId: string, query: Searching & { status?: AssetStatus | undefined }, signal?: AbortSignal) =>
    answerOf(client.GET('/api/projects/{projectId}/assets', { params: { ...inProject(projectId), query: set(query) }, ...until(signal) })),
  asset: (projectId: string, assetId: string, signal?: AbortSignal) =>
    answerOf(client.GET('/api/projects/{projectId}/assets/{assetId}', { params: { path: { projectId, assetId } }, ...until(signal) })),
};

export const members = {
  list: (projectId: string, query: Searching, signal?: AbortSignal) =>
    answerOf(client.GET('/api/projects/{projectId}/members', { params: { ...inProject(projectId), query: set(query) }, ...until(signal) })),
  /** People who are no members yet, the first by name. */
  candidates: (projectId: string, query: { limit: number; search?: string | undefined }, signal?: AbortSignal) =>
    answerOf(client.GET('/api/projects/{projectId}/members/candidates', { params: { ...inProject(projectId), query: set(query) }, ...until(signal) })),
  add: (projectId: string, body: { personId: string; role: ProjectRole; validFrom: string | null; validUntil: string | null }) => answerOf(client.POST('/api/projects/{projectId}/members', { params: inProject(projectId), body })),
  change: (projectId: string, personId: string, body: { role: ProjectRole; validFrom: string | null; validUntil: string | null }) =>
    answerOf(client.PUT('/api/projects/{projectId}/members/{personId}', { params: { path: { projectId, personId } }, body })),
  teams: (projectId: string, signal?: AbortSignal) => answerOf(client.GET('/api/projects/{projectId}/teams', { params: inProject(projectId), ...until(signal) })),
  putTeam: (projectId: string, teamId: string, role: ProjectRole) => answerOf(client.PUT('/api/projects/{projectId}/teams/{teamId}', { params: { path: { projectId, teamId } }, body: { role } })),
  removeTeam: (projectId: string, teamId: string) => answerOf(client.DELETE('/api/projects/{projectId}/teams/{teamId}', { params: { path: { projectId, teamId } } })),
  remove: (projectId: string, personId: string) => answerOf(client.DELETE('/api/projects/{projectId}/members/{personId}', { params: { path: { projectId, personId } } })),
};

export const ontologies = {
  read: async (projectId: string, signal?: AbortSignal): Promise<OntologyVersion> =>
    await answerOf(client.GET('/api/projects/{projectId}/ontology', { params: inProject(projectId), ...until(signal) })) as OntologyVersion,
  /** Makes the version after `version`; refused when somebody else made one meanwhile. */
  save: async (projectId: string, version: number, document: Ontology): Promise<OntologyVersion> => ({
    ...await answerOf(client.PUT('/api/projects/{projectId}/ontology', { params: inProject(projectId), body: { document }, headers: { 'if-match': `"${version}"` } })),
    document,
  }),
};

export const guidelines = {
  read: (projectId: string, signal?: AbortSignal) => answerOf(client.GET('/api/projects/{projectId}/guidelines', { params: inProject(projectId), ...until(signal) })),
  version: (projectId: string, number: number, signal?: AbortSignal) => answerOf(client.GET('/api/projects/{projectId}/guidelines/{number}', { params: { path: { projectId, number } }, ...until(signal) })),
  versions: (projectId: string, query: { before?: number | undefined; limit: number }, signal?: AbortSignal) =>
    answerOf(client.GET('/api/projects/{projectId}/guidelines/versions', { params: { ...inProject(projectId), query: set(query) }, ...until(signal) })),
  /** Makes the version after `version` (0 for the first); refused when somebody else made one meanwhile. */
  publish: (projectId: string, version: number, body: { text: string; sections: Record<string, string>; reason: string; mustRead: boolean }) =>
    answerOf(client.PUT('/api/projects/{projectId}/guidelines', { params: inProject(projectId), body, headers: { 'if-match': `"${version}"` } })),
  acknowledge: (projectId: string, number: number) => answerOf(client.POST('/api/projects/{projectId}/guidelines/{number}/read', { params: { path: { projectId, number } } })),
  readings: (projectId: string, signal?: AbortSignal) => answerOf(client.GET('/api/projects/{projectId}/guidelines/readings', { params: inProject(projectId), ...until(signal) })),
  pictures: (projectId: string, signal?: AbortSignal) => answerOf(client.GET('/api/projects/{projectId}/guidelines/pictures', { params: inProject(projectId), ...until(signal) })),
  addPicture: (projectId: string, body: { assetId: string | null; connectionId: string | null; key: string | null }) =>
    answerOf(client.POST('/api/projects/{projectId}/guidelines/pictures', { params: inProject(projectId), body })),
};

export const threads = {
  list: (projectId: string, query: Paging & { kind?: ThreadKind | undefined; status?: ThreadItem['status'] | undefined; whose?: ThreadFilter['whose']; unread?: boolean | undefined; search?: string | undefined; asset?: string | undefined }, signal?: AbortSignal) =>
    answerOf(client.GET('/api/projects/{projectId}/threads', { params: { ...inProject(projectId), query: set(query) }, ...until(signal) })),
  counts: (projectId: string, signal?: AbortSignal) => answerOf(client.GET('/api/projects/{projectId}/threads/counts', { params: inProject(projectId), ...until(signal) })),
  people: (projectId: string, query: { search?: string | undefined; limit: number }, signal?: AbortSignal) =>
    answerOf(client.GET('/api/projects/{projectId}/threads/people', { params: { ...inProject(projectId), query: set(query) }, ...until(signal) })),
  read: (projectId: string, threadId: string, signal?: AbortSignal) => answerOf(client.GET('/api/projects/{projectId}/threads/{threadId}', { params: ofThread(projectId, threadId), ...until(signal) })),
  open: (projectId: string, body: NewThread) => answerOf(client.POST('/api/projects/{projectId}/threads', { params: inProject(projectId), body })),
  comment: (projectId: string, threadId: string, text: string) => answerOf(client.POST('/api/projects/{projectId}/threads/{threadId}/comments', { params: ofThread(projectId, threadId), body: { text } })),
  settle: (projectId: string, threadId: string, status: ThreadItem['status']) => answerOf(client.PUT('/api/projects/{projectId}/threads/{threadId}/status', { params: ofThread(projectId, threadId), body: { status } })),
  assign: (projectId: string, threadId: string, person: string | null) => answerOf(client.PUT('/api/projects/{projectId}/threads/{threadId}/assignee', { params: ofThread(projectId, threadId), body: { person } })),
  link: (projectId: string, threadId: string, version: number | null) => answerOf(client.PUT('/api/projects/{projectId}/threads/{threadId}/guideline', { params: ofThread(projectId, threadId), body: { version } })),
  see: (projectId: string, threadId: string) => answerOf(client.POST('/api/projects/{projectId}/threads/{threadId}/seen', { params: ofThread(projectId, threadId) })),
  /** Whether open issues block approval. */
  block: (projectId: string, on: boolean) => answerOf(client.PUT('/api/projects/{projectId}/issues-block', { params: inProject(projectId), body: { on } })),
};

export const workflows = {
  read: (projectId: string, signal?: AbortSignal) => answerOf(client.GET('/api/projects/{projectId}/workflow', { params: inProject(projectId), ...until(signal) })),
  /** Makes the version after `version`; refused when somebody else made one meanwhile. */
  publish: (projectId: string, version: number, steps: readonly NewStep[]) =>
    answerOf(client.PUT('/api/projects/{projectId}/workflow', { params: inProject(projectId), body: { steps: steps.map(step => ({ ...step, people: step.people && [...step.people] })) }, headers: { 'if-match': `"${version}"` } })),
  separate: (projectId: string, on: boolean) => answerOf(client.PUT('/api/projects/{projectId}/separation', { params: inProject(projectId), body: { on } })),
  sendBack: (projectId: string, toQueue: boolean) => answerOf(client.PUT('/api/projects/{projectId}/send-back', { params: inProject(projectId), body: { toQueue } })),
  sampling: (projectId: string, signal?: AbortSignal) => answerOf(client.GET('/api/projects/{projectId}/sampling', { params: inProject(projectId), ...until(signal) })),
};

export const quality = {
  read: (projectId: string, signal?: AbortSignal) => answerOf(client.GET('/api/projects/{projectId}/quality', { params: inProject(projectId), ...until(signal) })),
  pairs: (projectId: string, one: string, other: string, signal?: AbortSignal) =>
    answerOf(client.GET('/api/projects/{projectId}/quality/pairs', { params: { ...inProject(projectId), query: { one, other } }, ...until(signal) })),
  settings: (projectId: string, signal?: AbortSignal) => answerOf(client.GET('/api/projects/{projectId}/quality/settings', { params: inProject(projectId), ...until(signal) })),
  /** Changes the version after `version`; refused when somebody else changed them meanwhile. */
  change: (projectId: string, version: number, rules: QualityRules) =>
    answerOf(client.PUT('/api/projects/{projectId}/quality/settings', { params: inProject(projectId), body: rules, headers: { 'if-match': `"${version}"` } })),
  lift: (projectId: string, personId: string) => answerOf(client.POST('/api/projects/{projectId}/quality/people/{personId}/lift-pause', { params: { path: { projectId, personId } } })),
  noteDrift: (projectId: string, personId: string) => answerOf(client.POST('/api/projects/{projectId}/quality/people/{personId}/note-drift', { params: { path: { projectId, personId } } })),
  honeypots: (projectId: string, query: Paging, signal?: AbortSignal) =>
    answerOf(client.GET('/api/projects/{projectId}/honeypots', { params: { ...inProject(projectId), query: set(query) }, ...until(signal) })),
  promote: (projectId: string, labelId: string) => answerOf(client.POST('/api/projects/{projectId}/honeypots', { params: inProject(projectId), body: { labelId } })),
  importTruth: (projectId: string, lines: { name: string; connectionId: string | null; document: unknown }[]) =>
    answerOf(client.POST('/api/projects/{projectId}/honeypots/import', { params: inProject(projectId), body: { lines } })),
  retire: (projectId: string, honeypotId: string) => answerOf(client.POST('/api/projects/{projectId}/honeypots/{honeypotId}/retire', { params: { path: { projectId, honeypotId } } })),
};

export const imports = {
  list: (projectId: string, query: Paging, signal?: AbortSignal) =>
    answerOf(client.GET('/api/projects/{projectId}/imports', { params: { ...inProject(projectId), query: set(query) }, ...until(signal) })),
  start: (projectId: string, body: { connectionId: string; prefix: string; include: string[]; exclude: string[] }) =>
    answerOf(client.POST('/api/projects/{projectId}/imports', { params: inProject(projectId), body })),
  pause: (projectId: string, importId: string) => answerOf(client.POST('/api/projects/{projectId}/imports/{importId}/pause', { params: { path: { projectId, importId } } })),
  resume: (projectId: string, importId: string) => answerOf(client.POST('/api/projects/{projectId}/imports/{importId}/resume', { params: { path: { projectId, importId } } })),
  cancel: (projectId: string, importId: string) => answerOf(client.POST('/api/projects/{projectId}/imports/{importId}/cancel', { params: { path: { projectId, importId } } })),
};

export const agents = {
  list: (signal?: AbortSignal) => answerOf(client.GET('/api/agents', until(signal))),
  create: (name: string) => answerOf(client.POST('/api/agents', { body: { name } })),
  token: (agentId: string) => answerOf(client.POST('/api/agents/{agentId}/tokens', { params: { path: { agentId } } })),
  revoke: (agentId: string) => answerOf(client.POST('/api/agents/{agentId}/revoke', { params: { path: { agentId } } })),
  probe: (connectionId: string) => answerOf(client.POST('/api/connections/{connectionId}/probe', { params: { path: { connectionId } } })),
};

/** One version of a label. */
const withDocument = <T extends { readonly document: LabelDocument }>(part: T): T => ({ ...part, document: whole(part.document) });

const withDocuments = (task: TaskView): TaskView => ({
  ...task, label: task.label && withDocument(task.label), draft: task.draft && withDocument(task.draft), answers: task.answers?.map(withDocument) ?? null,
});

export const labels = {
  read: async (projectId: string, labelId: string, signal?: AbortSignal): Promise<TaskLabel> =>
    withDocument(await answerOf(client.GET('/api/projects/{projectId}/labels/{labelId}', { params: { path: { projectId, labelId } }, ...until(signal) })) as TaskLabel),
};

/** Acts on many tasks. */
export const queueJobs = {
  list: (projectId: string, signal?: AbortSignal) => answerOf(client.GET('/api/projects/{projectId}/queue-jobs', { params: inProject(projectId), ...until(signal) })),
  count: (projectId: string, body: { act: QueueAct; filter: QueueFilter }, signal?: AbortSignal) => answerOf(client.POST('/api/projects/{projectId}/queue-jobs/count', { params: inProject(projectId), body, ...until(signal) })),
  start: (projectId: string, body: NewQueueJob) => answerOf(client.POST('/api/projects/{projectId}/queue-jobs', { params: inProject(projectId), body })),
  cancel: (projectId: string, jobId: string) => answerOf(client.POST('/api/projects/{projectId}/queue-jobs/{jobId}/cancel', { params: { path: { projectId, jobId } } })),
  undo: (projectId: string, jobId: string) => answerOf(client.POST('/api/projects/{projectId}/queue-jobs/{jobId}/undo', { params: { path: { projectId, jobId } } })),
};

export const queue = {
  list: (projectId: string, query: Paging & QueueSearch, signal?: AbortSignal) =>
    answerOf(client.GET('/api/projects/{projectId}/tasks', { params: { ...inProject(projectId), query: set(query) }, ...until(signal) })),
  assign: (projectId: string, taskId: string, personId: string | null) => answerOf(client.PUT('/api/projects/{projectId}/tasks/{taskId}/assignee', { params: ofTask(projectId, taskId), body: { personId } })),
  prioritize: (projectId: string, taskId: string, priority: number) => answerOf(client.PUT('/api/projects/{projectId}/tasks/{taskId}/priority', { params: ofTask(projectId, taskId), body: { priority } })),
  due: (projectId: string, taskId: string, at: string | null) => answerOf(client.PUT('/api/projects/{projectId}/tasks/{taskId}/due', { params: ofTask(projectId, taskId), body: { at } })),
  takeBack: (projectId: string, taskId: string) => answerOf(client.POST('/api/projects/{projectId}/tasks/{taskId}/force-release', { params: ofTask(projectId, taskId) })),
  reopen: (projectId: string, assetId: string) => answerOf(client.POST('/api/projects/{projectId}/assets/{assetId}/reopen', { params: { path: { projectId, assetId } } })),
};

export const tasks = {
  next: async (projectId: string, kind: WorkKind, reserve: number): Promise<NextTask> => {
    const next = await answerOf(client.POST('/api/projects/{projectId}/tasks/next', { params: inProject(projectId), body: { kind, reserve } })) as NextTask;
    return { ...next, task: next.task && withDocuments(next.task) };
  },
  claim: async (projectId: string, taskId: string): Promise<TaskView> =>
    withDocuments(await answerOf(client.POST('/api/projects/{projectId}/tasks/{taskId}/claim', { params: ofTask(projectId, taskId) })) as TaskView),
  read: async (projectId: string, taskId: string): Promise<TaskView> =>
    withDocuments(await answerOf(client.GET('/api/projects/{projectId}/tasks/{taskId}', { params: ofTask(projectId, taskId) })) as TaskView),
  heartbeat: (projectId: string, taskId: string) => answerOf(client.POST('/api/projects/{projectId}/tasks/{taskId}/heartbeat', { params: ofTask(projectId, taskId) })),
  release: (projectId: string, taskId: string) => answerOf(client.POST('/api/projects/{projectId}/tasks/{taskId}/release', { params: ofTask(projectId, taskId) })),
  skip: (projectId: string, taskId: string, reason: string) => answerOf(client.POST('/api/projects/{projectId}/tasks/{taskId}/skip', { params: ofTask(projectId, taskId), body: { reason } })),
  saveDraft: (projectId: string, taskId: string, body: { document: LabelDocument; revision: number; activeMs: number }) =>
    answerOf(client.PUT('/api/projects/{projectId}/tasks/{taskId}/draft', { params: ofTask(projectId, taskId), body })),
  submit: (projectId: string, taskId: string, key: string, body: { document: LabelDocument; activeMs: number }) =>
    answerOf(client.POST('/api/projects/{projectId}/tasks/{taskId}/submit', { params: ofTask(projectId, taskId), ...outliving(body), ...idempotent(key) })),
  review: (projectId: string, taskId: string, key: string, body: ReviewBody) =>
    answerOf(client.POST('/api/projects/{projectId}/tasks/{taskId}/review', { params: ofTask(projectId, taskId), ...outliving(body), ...idempotent(key) })),
  dimensions: (projectId: string, taskId: string, body: { width: number; height: number; orientation: number }) =>
    answerOf(client.PUT('/api/projects/{projectId}/tasks/{taskId}/dimensions', { params: ofTask(projectId, taskId), body })),
};
