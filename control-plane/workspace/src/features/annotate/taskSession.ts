import { api, isProblem, type TaskView, type WorkKind } from '../../api';
import { emptyDocument, OntologyIndex, Workspace, type LabelDocument, type Size } from '../../engine';
import { ActivityClock } from '../task-queue/activityClock';
import { goneBy, isGone, LeaseKeeper } from '../task-queue/leaseKeeper';
import { DraftKeeper } from './draftKeeper';
import { dropDraft, keepDraft, readDraft, type Sending } from './draftStore';

interface SessionOf { readonly projectId: string; readonly personId: string; readonly task: TaskView; readonly kind: WorkKind }

/** The part of the control plane that a session needs. */
export type SessionCalls = Pick<typeof api.tasks, 'heartbeat' | 'saveDraft'>;

/** What the task begins with: the person's own draft, else the label that is judged or came back, else nothing. */
const beginning = (task: TaskView): LabelDocument =>
  task.draft?.document ?? (task.label ? { ...task.label.document, ontologyVersion: task.ontology.version } : emptyDocument(task.ontology.version));

/**
 * One person's work on one task, from its opening until it is accepted: workspace with its history, draft, lease and time.
 * It outlives the page's parts, so that a submit that is refused finds everything as it was.
 */
export class TaskSession {
  readonly workspace: Workspace;
  readonly activity = new ActivityClock();
  readonly lease: LeaseKeeper;
  readonly drafts: DraftKeeper;
  /** The label that is judged; on a labeling step the one that came back. */
  readonly original: LabelDocument | undefined;
  readonly #first: LabelDocument;
  #known: LabelDocument;
  #moved = 0;
  readonly #stop = new AbortController();

  constructor(readonly of: SessionOf, size: Size, calls: SessionCalls = api.tasks) {
    const { projectId, personId, task, kind } = of;
    this.#first = beginning(task);
    this.#known = this.#first;
    this.original = task.label?.document;
    this.workspace = new Workspace(this.#first, new OntologyIndex(task.ontology.document), size, kind === 'review' && task.draft === null);
    this.lease = new LeaseKeeper(task.lease, () => calls.heartbeat(projectId, task.id), this.activity);
    this.drafts = new DraftKeeper({ personId, projectId, taskId: task.id }, {
      keepLocally: keepDraft,
      dropLocally: () => dropDraft(personId, task.id),
      saveOnServer: body => calls.saveDraft(projectId, task.id, body),
    }, () => this.activity.activeMs, task.draft?.revision ?? 0);
  }

  /** Begins to keep what is done; takes up a newer draft that waits on this machine. */
  open(): void {
    const { signal } = this.#stop;
    const stop = this.workspace.subscribe(() => this.#changed());
    signal.addEventListener('abort', stop);
    signal.addEventListener('abort', this.drafts.subscribe(() => {
      const { kind } = this.drafts.state;
      if (isGone(kind)) this.lease.gone(kind);
    }));
    signal.addEventListener('abort', this.lease.subscribe(() => {
      const { kind } = this.lease.state;
      if (isGone(kind) && !isGone(this.drafts.state.kind)) this.drafts.gone(kind);
    }));
    addEventListener('pagehide', () => void this.drafts.flush(), { signal });
    addEventListener('online', () => this.drafts.tryNow(), { signal });
    addEventListener('offline', () => this.drafts.lost(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden ? this.activity.pause() : undefined, { signal });
    void this.#resume();
  }

  /** Stops; drafts that are not on the server stay on this machine. */
  close(): void {
    this.#stop.abort();
    this.drafts.close();
    this.lease.close();
  }

  /**
   * Sends a result. Until the answer is here the browser asks before it closes the page, and what is sent (`as`) stays on this machine,
   * to be sent again; when it is accepted nothing of it stays.
   */
  async send(act: () => Promise<unknown>, as?: Sending): Promise<void> {
    this.activity.act();
    const answered = new AbortController();
    addEventListener('beforeunload', event => event.preventDefault(), { signal: answered.signal });
    // Both begin in this very turn: a page that is closed in the next one has sent it.
    const kept = as && this.drafts.sending(this.workspace.state.document, as).catch(() => undefined);
    try {
      await act();
    } catch (error) {
      const gone = goneBy(error);
      if (gone) this.lease.gone(gone);
      await kept;
      await this.drafts.reopen(isProblem(error) && error.offline);
      throw error;
    } finally {
      answered.abort();
    }
    await kept;
    await this.drafts.finish();
  }

  get activeMs(): number {
    return Math.round(this.activity.activeMs);
  }

  async #resume(): Promise<void> {
    const { personId, task } = this.of;
    const local = await readDraft(personId, task.id).catch(() => undefined);
    // What was drawn meanwhile is newer than what was found.
    if (this.#stop.signal.aborted || !local || (task.draft && local.revision <= task.draft.revision) || this.workspace.state.document !== this.#first) return;
    this.#known = local.document;
    this.workspace.setReadOnly(false);
    this.workspace.reset(local.document);
    this.drafts.resume(local.document);
  }

  #changed(): void {
    const now = performance.now();
    // A moving pointer is an act, a thousand of its events are not a thousand acts.
    if (now - this.#moved > 250) {
      this.#moved = now;
      this.activity.act();
    }
    const { document } = this.workspace.state;
    if (document === this.#known) return;
    this.#known = document;
    this.drafts.changed(document);
  }
}

/** The session of the task in hand: the same one for as long as the task is the same. */
export class Sessions {
  constructor(readonly calls: SessionCalls = api.tasks) {}

  #current: { readonly key: string; readonly session: TaskSession } | undefined;

  of(of: SessionOf, size: Size): TaskSession {
    // A newer draft, loaded from the server, is worked on in its own session.
    const key = `${of.task.id} ${of.task.round} ${of.kind} ${of.task.draft?.revision ?? 0}`;
    if (this.#current?.key === key) return this.#current.session;
    this.close();
    const session = new TaskSession(of, size, this.calls);
    this.#current = { key, session };
    session.open();
    return session;
  }

  close(): void {
    this.#current?.session.close();
    this.#current = undefined;
  }
}
