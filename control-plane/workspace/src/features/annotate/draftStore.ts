import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { ReviewBody } from '../../api';
import type { LabelDocument } from '../../engine';

/** A result on its way, whose answer nobody has seen yet: with the draft's document enough to send the very same once more. */
export interface Sending {
  readonly key: string;
  /** Of the asset, to tell the person which it was. */
  readonly name: string;
  /** On a review step: the decision. */
  readonly review?: Omit<ReviewBody, 'document' | 'activeMs'>;
}

/** Work that the server does not have yet, or not in this state. It belongs to one person and holds geometry and answers only. */
export interface LocalDraft {
  readonly personId: string;
  readonly taskId: string;
  readonly projectId: string;
  readonly document: LabelDocument;
  /** The revision that the next save to the server carries. */
  readonly revision: number;
  readonly activeMs: number;
  readonly changedAt: string;
  /** Set from the moment in which it was submitted until the server has answered. */
  readonly sending?: Sending | undefined;
}

interface DraftSchema extends DBSchema {
  drafts: { key: [personId: string, taskId: string]; value: LocalDraft; indexes: { person: string } };
}

let database: Promise<IDBPDatabase<DraftSchema>> | undefined;
const open = () => (database ??= openDB<DraftSchema>('hybrid-drafts', 1, {
  upgrade(db) {
    db.createObjectStore('drafts', { keyPath: ['personId', 'taskId'] }).createIndex('person', 'personId');
  },
}));

export async function keepDraft(draft: LocalDraft): Promise<void> {
  await (await open()).put('drafts', draft);
}

/** The person's own draft of a task; another person's is never shown. */
export async function readDraft(personId: string, taskId: string): Promise<LocalDraft | undefined> {
  return (await open()).get('drafts', [personId, taskId]);
}

/** The server has it: nothing stays on this machine. */
export async function dropDraft(personId: string, taskId: string): Promise<void> {
  await (await open()).delete('drafts', [personId, taskId]);
}

/** Work of this person that waits here. */
export async function unsentDrafts(personId: string): Promise<readonly LocalDraft[]> {
  return (await open()).getAllFromIndex('drafts', 'person', personId);
}
