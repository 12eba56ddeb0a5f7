import { isProblem } from '../../api';
import type { LabelDocument } from '../../engine';
import { goneBy, isGone, type Gone } from '../task-queue/leaseKeeper';
import type { LocalDraft, Sending } from './draftStore';

/** Local within a tenth of a second, on the server within five seconds. */
export const localMilliseconds = 50;
export const serverMilliseconds = 3_000;
const firstRetryMilliseconds = 4_000;
const lastRetryMilliseconds = 30_000;

export type DraftState =
  /** Nothing was changed since the task was opened. */
  | { readonly kind: 'untouched' }
  /** Kept on this machine; the server follows. */
  | { readonly kind: 'kept' }
  | { readonly kind: 'saved'; readonly at: string }
  /** Kept on this machine; the server does not answer, and is asked again. */
  | { readonly kind: 'offline' }
  /** Another window of the same person saved a newer one. */
  | { readonly kind: 'stale' }
  /** Somebody else has the task now, or it is finished; the draft stays. */
  | { readonly kind: Gone }
  /** The server refuses drafts for another reason; the draft stays here. */
  | { readonly kind: 'refused'; readonly error: unknown };

export interface DraftPlaces {
  keepLocally(draft: LocalDraft): Promise<void>;
  dropLocally(): Promise<void>;
  saveOnServer(body: { document: LabelDocument; revision: number; activeMs: number }): Promise<{ revision: number; savedAt: string }>;
}

interface DraftOf { readonly personId: string; readonly projectId: string; readonly taskId: string }

/** Keeps every change of one task: here first, then on the server, and says where it is. */
export class DraftKeeper {
  #state: DraftState = { kind: 'untouched' };
  /** What it was when nothing was on its way. */
  #rest: DraftState = this.#state;
  #document: LabelDocument | undefined;
  #sent: LabelDocument | undefined;
  /** A result on its way, and the document that it carries. */
  #sending: { readonly document: LabelDocument; readonly as: Sending } | undefined;
  #underWay = false;
  #revision: number;
  #localTimer: ReturnType<typeof setTimeout> | undefined;
  #serverTimer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> | undefined;
  #retry = firstRetryMilliseconds;
  #closed = false;
  readonly #listeners = new Set<() => void>();

  constructor(readonly of: DraftOf, readonly places: DraftPlaces, readonly activeMs: () => number, revision: number) {
    this.#revision = revision;
  }

  get state(): DraftState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The document changed. */
  changed(document: LabelDocument): void {
    if (this.#closed || document === this.#document) return;
    this.#document = document;
    this.#sending = undefined;
    if (this.#state.kind === 'untouched' || this.#state.kind === 'saved') this.#become({ kind: 'kept' });
    this.#localTimer ??= setTimeout(() => void this.#keepLocally(), localMilliseconds);
    if (this.#mayAskServer()) this.#serverTimer ??= setTimeout(() => void this.#saveOnServer(), serverMilliseconds);
  }

  /** A draft that was found on this machine and that the server does not have. */
  resume(document: LabelDocument): void {
    this.#document = document;
    this.#become({ kind: 'kept' });
    this.#serverTimer ??= setTimeout(() => void this.#saveOnServer(), localMilliseconds);
  }

  /** The page is about to go away: write down what is there, now. */
  async flush(): Promise<void> {
    if (this.#localTimer !== undefined) await this.#keepLocally();
  }

  /** The network is gone: nobody has to draw and fail before they are told. */
  lost(): void {
    if (!this.#closed && this.#mayAskServer()) this.#become({ kind: 'offline' });
  }

  /** The connection is back, or the person asks. */
  tryNow(): void {
    if (this.#closed || !this.#mayAskServer()) return;
    if (this.#document === this.#sent) return this.#become(this.#rest);
    clearTimeout(this.#serverTimer);
    void this.#saveOnServer();
  }

  /** The task is gone: the server is not asked any more, and what is here stays. */
  gone(how: Gone): void {
    clearTimeout(this.#serverTimer);
    this.#become({ kind: how });
  }

  /** The label was submitted, or nothing is to be kept: nothing of it stays on this machine. */
  async finish(): Promise<void> {
    this.close();
    await this.#saving?.catch(() => undefined);
    await this.places.dropLocally();
  }

  /** Stops the timers; drafts that are not on the server stay here. */
  close(): void {
    void this.flush();
    this.#closed = true;
    clearTimeout(this.#localTimer);
    clearTimeout(this.#serverTimer);
  }

  /** A result is on its way: it stays here with its document until the answer has come, should the page be closed before. */
  async sending(document: LabelDocument, as: Sending): Promise<void> {
    clearTimeout(this.#serverTimer);
    this.#serverTimer = undefined;
    this.#sending = { document, as };
    this.#underWay = true;
    await this.#keepLocally();
  }

  /** Takes up again after a result that did not go through. One that may have arrived all the same stays ready to be sent once more. */
  async reopen(mayHaveArrived: boolean): Promise<void> {
    this.#underWay = false;
    if (!mayHaveArrived && this.#sending) {
      this.#sending = undefined;
      await (this.#document ? this.#keepLocally() : this.places.dropLocally());
    }
    if (this.#document !== this.#sent && this.#mayAskServer()) this.#serverTimer ??= setTimeout(() => void this.#saveOnServer(), serverMilliseconds);
  }

  async #keepLocally(): Promise<void> {
    clearTimeout(this.#localTimer);
    this.#localTimer = undefined;
    const document = this.#sending?.document ?? this.#document;
    if (!document) return;
    const { personId, projectId, taskId } = this.of;
    await this.places.keepLocally({
      personId, projectId, taskId, document, revision: this.#revision + 1, activeMs: this.activeMs(), changedAt: new Date().toISOString(),
      ...(this.#sending && { sending: this.#sending.as }),
    });
  }

  async #saveOnServer(): Promise<void> {
    clearTimeout(this.#serverTimer);
    this.#serverTimer = undefined;
    if (this.#saving || !this.#document) return;
    const document = this.#document;
    this.#saving = this.#send(document);
    try {
      await this.#saving;
    } finally {
      this.#saving = undefined;
    }
    if (!this.#closed && this.#document !== document && this.#mayAskServer()) this.#serverTimer ??= setTimeout(() => void this.#saveOnServer(), serverMilliseconds);
  }

  async #send(document: LabelDocument): Promise<void> {
    try {
      const { revision, savedAt } = await this.places.saveOnServer({ document, revision: this.#revision + 1, activeMs: Math.round(this.activeMs()) });
      this.#revision = revision;
      this.#sent = document;
      this.#retry = firstRetryMilliseconds;
      if (this.#document === document) {
        clearTimeout(this.#localTimer);
        this.#localTimer = undefined;
        // A result that is on its way keeps its copy, as one that is newer than this draft.
        await (this.#underWay ? this.#keepLocally() : this.places.dropLocally());
        this.#become(this.#rest = { kind: 'saved', at: savedAt });
      } else {
        this.#become({ kind: 'kept' });
      }
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const gone = goneBy(error);
    // Two requests about one task met (a heartbeat, a second window): the next attempt finds out who was first.
    const met = isProblem(error, 'version.conflict');
    if (isProblem(error, 'draft.stale')) this.#become({ kind: 'stale' });
    else if (gone) this.#become({ kind: gone });
    else if (isProblem(error) && !error.offline && error.status !== 429 && !met) this.#become({ kind: 'refused', error });
    else {
      this.#become({ kind: met ? 'kept' : 'offline' });
      if (this.#closed) return;
      this.#serverTimer ??= setTimeout(() => void this.#saveOnServer(), this.#retry);
      this.#retry = Math.min(this.#retry * 2, lastRetryMilliseconds);
    }
  }

  #mayAskServer(): boolean {
    return this.#state.kind !== 'stale' && !isGone(this.#state.kind);
  }

  #become(state: DraftState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
