import type { LabelDocument, Ontology } from '../engine';

/** Someone, as far as the reader may know them: a name, or a pseudonym in a blind project. */
export interface PersonRef { readonly id: string; readonly name: string }

export type OrganizationRole = 'owner' | 'admin' | 'member';
export type ProjectRole = 'projectAdmin' | 'teamManager' | 'reviewer' | 'labeler';
export type AssetStatus = 'toDo' | 'inProgress' | 'submitted' | 'inReview' | 'sentBack' | 'done' | 'skipped';
export type WorkKind = 'label' | 'review';

export interface SessionView {
  readonly sessionId: string;
  readonly locked: boolean;
  readonly person: PersonRef;
  readonly email: string;
  readonly organization: { readonly id: string; readonly name: string; readonly role: OrganizationRole };
  readonly expiresAt: string;
  readonly workerVersion: string;
}

export interface Page<T> { readonly items: readonly T[]; readonly next?: string | null }

export type Progress = Readonly<Record<AssetStatus | 'total', number>>;

export interface ProjectSummary {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly role: ProjectRole | null;
  readonly progress: Progress;
}

export interface ProjectStep {
  readonly id: string;
  readonly kind: 'labeling' | 'review';
  readonly name: string;
  readonly toDo: number;
  readonly doing: number;
  readonly done: number;
}

export interface ProjectAgent { readonly id: string; readonly name: string; readonly online: boolean; readonly lastSeenAt: string | null }
export interface ProjectConnection { readonly id: string; readonly name: string; readonly agentId: string; readonly provider: string }

export interface Project extends ProjectSummary {
  readonly acts: readonly string[];
  readonly steps: readonly ProjectStep[];
  readonly agents: readonly ProjectAgent[];
  readonly connections: readonly ProjectConnection[];
  readonly ontologyVersion: number;
  readonly stepSeparation: boolean;
  readonly throughput: readonly { readonly day: string; readonly labels: number; readonly reviews: number }[];
}

export interface Member { readonly person: PersonRef; readonly email?: string | null; readonly role: ProjectRole }
export interface OntologyVersion { readonly version: number; readonly document: Ontology }

export interface AssetRow {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly status: AssetStatus;
  readonly step: string | null;
  readonly round: number;
  readonly labels: number;
}

export interface ImportView {
  readonly id: string;
  readonly connectionId?: string;
  readonly prefix?: string;
  readonly createdAt?: string;
  readonly state: 'queued' | 'listing' | 'done' | 'failed' | 'cancelled' | 'paused';
  readonly listed: number;
  readonly added: number;
  readonly unchanged: number;
  readonly changed: number;
  readonly refused: number;
  readonly describedTotal: number;
  readonly described: number;
  readonly error?: { readonly code: string; readonly detail: string } | null;
}

export interface TaskAsset {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly orientation: number | null;
}

export interface TaskLabel {
  readonly id: string;
  readonly version: number;
  readonly document: LabelDocument;
  readonly author: PersonRef;
  readonly createdAt: string;
  readonly digest: string;
}

export interface Lease { readonly expiresAt: string }

export interface TaskView {
  readonly id: string;
  readonly asset: TaskAsset;
  readonly step: { readonly id: string; readonly kind: 'labeling' | 'review'; readonly name: string };
  readonly round: number;
  readonly lease: Lease | null;
  readonly ontology: OntologyVersion;
  readonly draft: { readonly document: LabelDocument; readonly revision: number; readonly savedAt: string } | null;
  readonly label: TaskLabel | null;
  readonly sentBack: { readonly reason: string; readonly by: PersonRef; readonly at: string; readonly score: number | null } | null;
  readonly priority: number;
}

export interface NextTask {
  readonly task: TaskView | null;
  readonly reserved: readonly { readonly taskId: string; readonly asset: TaskAsset }[];
  readonly waiting: { readonly label: number; readonly review: number };
}

export interface QueueRow {
  readonly id: string;
  readonly asset: { readonly id: string; readonly name: string };
  readonly step: { readonly kind: 'labeling' | 'review'; readonly name: string };
  readonly state: string;
  readonly round: number;
  readonly priority: number;
  readonly holder: PersonRef | null;
  readonly leaseExpiresAt: string | null;
}

export interface PersonRow { readonly id: string; readonly name: string; readonly email: string; readonly role: OrganizationRole }

export interface AgentRow {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly online: boolean;
  readonly version: string | null;
  readonly lastSeenAt: string | null;
}

export interface ConnectionRow {
  readonly id: string;
  readonly agentId: string;
  readonly name: string;
  readonly provider: string;
  readonly delivery: string;
  readonly prefixes?: readonly string[];
  readonly maxUrlSeconds?: number;
}

export interface AgentDetail extends AgentRow { readonly connections: readonly ConnectionRow[] }
export interface EnrolmentTokenView { readonly token: string; readonly expiresAt: string; readonly fingerprint: string }
export interface ProbeView { readonly ok: boolean; readonly checks?: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[]; readonly detail?: string | null }
