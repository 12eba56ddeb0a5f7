import { isProblem } from '../../api';
import type { LabelDocument } from '../../engine';
import type { LocalDraft } from './draftStore';

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
  /** Somebody else has the task now; the draft stays. */
  | { readonly kind: 'taken' }
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
  #document: LabelDocument | undefined;
  #sent: LabelDocument | undefined;
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

  /** The connection is back, or the person asks. */
  tryNow(): void {
    if (this.#closed || this.#document === this.#sent || !this.#mayAskServer()) return;
    clearTimeout(this.#serverTimer);
    void this.#saveOnServer();
  }

  /** Somebody else has the task: the server is not asked any more, and what is here stays. */
  taken(): void {
    clearTimeout(this.#serverTimer);
    this.#become({ kind: 'taken' });
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

  /** Takes up again after a submit that did not go through. */
  reopen(): void {
    this.#closed = false;
  }

  async #keepLocally(): Promise<void> {
    clearTimeout(this.#localTimer);
    this.#localTimer = undefined;
    if (!this.#document) return;
    const { personId, projectId, taskId } = this.of;
    await this.places.keepLocally({
      personId, projectId, taskId, document: this.#document, revision: this.#revision + 1, activeMs: this.activeMs(), changedAt: new Date().toISOString(),
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
        await this.places.dropLocally();
        this.#become({ kind: 'saved', at: savedAt });
      } else {
        this.#become({ kind: 'kept' });
      }
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    if (isProblem(error, 'draft.stale')) this.#become({ kind: 'stale' });
    else if (isProblem(error) && error.status === 409) this.#become({ kind: 'taken' });
    else if (isProblem(error) && !error.offline && error.status !== 429) this.#become({ kind: 'refused', error });
    else {
      this.#become({ kind: 'offline' });
      if (this.#closed) return;
      this.#serverTimer ??= setTimeout(() => void this.#saveOnServer(), this.#retry);
      this.#retry = Math.min(this.#retry * 2, lastRetryMilliseconds);
    }
  }

  #mayAskServer(): boolean {
    return this.#state.kind !== 'stale' && this.#state.kind !== 'taken';
  }

  #become(state: DraftState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
