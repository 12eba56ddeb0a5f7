import { isProblem, type NextTask, type TaskAsset, type TaskView, type WorkKind } from '../../api';
import { workPath, type DecodedPicture } from '../../media';
import type { PictureStore } from './pictureStore';

export type FlowState =
  | { readonly kind: 'loading' }
  | {
    readonly kind: 'task';
    readonly task: TaskView;
    /** A submit, review or skip is on its way. */
    readonly busy: boolean;
    /** Why the last one did not go through. */
    readonly refusal?: unknown;
  }
  /** The next picture is on the screen while the answer for the task before it is still on its way. */
  | { readonly kind: 'arriving'; readonly taskId: string; readonly asset: TaskAsset; readonly picture: DecodedPicture; readonly sent: string }
  | { readonly kind: 'empty'; readonly waiting: NextTask['waiting'] }
  | { readonly kind: 'failed'; readonly error: unknown };

/** The part of the control plane that the flow needs. */
export interface FlowCalls {
  next(projectId: string, kind: WorkKind, reserve: number): Promise<NextTask>;
  claim(projectId: string, taskId: string): Promise<TaskView>;
  read(projectId: string, taskId: string): Promise<TaskView>;
}

/** Tasks whose pictures are fetched while the person works on the one before. */
const reserve = 2;

/**
 * One person's way through the queue of a project: (1) the next task opens; (2) while it is worked on, the pictures of
 * the reserved ones load; (3) a result is sent, and the next picture is painted in the same frame; (4) when the result
 * is refused, the task comes back as it was.
 */
export class WorkFlow {
  #state: FlowState = { kind: 'loading' };
  #reserved: NextTask['reserved'] = [];
  #key: string | undefined;
  #closed = false;
  readonly #listeners = new Set<() => void>();

  constructor(readonly projectId: string, readonly kind: WorkKind, readonly pictures: PictureStore, readonly calls: FlowCalls) {}

  get state(): FlowState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  pathOf(taskId: string, asset: Pick<TaskAsset, 'id'>): string {
    return workPath(this.projectId, taskId, asset.id);
  }

  /** Opens a named task, else the next one. */
  async open(taskId?: string): Promise<void> {
    if (this.#closed) return;
    if (taskId === undefined) return this.next();
    this.#become({ kind: 'loading' });
    try {
      const task = await this.calls.claim(this.projectId, taskId);
      this.#show(task);
      void this.#reserveMore(task);
    } catch (error) {
      // An address that was kept: the task may be done or someone else's by now.
      if (isProblem(error) && (error.status === 404 || error.status === 409)) return this.next();
      this.#become({ kind: 'failed', error });
    }
  }

  async next(): Promise<void> {
    if (this.#state.kind !== 'arriving') this.#become({ kind: 'loading' });
    try {
      const { task, reserved, waiting } = await this.calls.next(this.projectId, this.kind, reserve);
      this.#reserved = reserved;
      if (task) this.#show(task);
      else this.#become({ kind: 'empty', waiting });
    } catch (error) {
      this.#become({ kind: 'failed', error });
    }
  }

  /**
   * Sends the result of the task in hand and goes on. The key stays the same while no answer came, so that a repeated
   * send counts once.
   */
  async finish(send: (key: string) => Promise<unknown>): Promise<boolean> {
    const before = this.#state;
    if (before.kind !== 'task' || before.busy) return false;
    const following = this.#reserved.find(one => one.taskId !== before.task.id);
    const picture = following && this.pictures.ready(this.pathOf(following.taskId, following.asset));
    this.#become(following && picture ? { kind: 'arriving', taskId: following.taskId, asset: following.asset, picture, sent: before.task.asset.name } : { ...before, busy: true });
    this.#key ??= crypto.randomUUID();
    try {
      await send(this.#key);
    } catch (error) {
      if (!(isProblem(error) && error.offline)) this.#key = undefined;
      this.#become({ kind: 'task', task: before.task, busy: false, refusal: error });
      return false;
    }
    this.#key = undefined;
    await this.next();
    return true;
  }

  /** Shows the task in hand anew, as the server has it now. */
  async reload(): Promise<void> {
    if (this.#state.kind === 'task') await this.open(this.#state.task.id);
  }

  /** Shows the people behind the task in hand anew; the work itself stays untouched. */
  async nameAnew(): Promise<void> {
    if (this.#state.kind !== 'task') return;
    const { label, sentBack, id } = await this.calls.read(this.projectId, this.#state.task.id);
    // Meanwhile the person may have gone on, or begun to send.
    const state = this.#state;
    if (state.kind === 'task' && state.task.id === id) this.#become({ ...state, task: { ...state.task, label, sentBack } });
  }

  close(): void {
    this.#closed = true;
    this.pictures.keepOnly([]);
  }

  #show(task: TaskView): void {
    if (this.#closed) return;
    this.#key = undefined;
    const rest = this.#reserved.filter(one => one.taskId !== task.id);
    this.#reserved = rest;
    const paths = [{ taskId: task.id, asset: task.asset }, ...rest].map(one => this.pathOf(one.taskId, one.asset));
    this.pictures.keepOnly(paths);
    this.#become({ kind: 'task', task, busy: false });
    void this.#inHand(task).then(shown => shown && this.#prefetch(paths.slice(1)));
  }

  /** Waits for the picture in hand, which nothing else must slow down; false when its task is left by then. */
  async #inHand(task: TaskView): Promise<boolean> {
    await this.pictures.load(this.pathOf(task.id, task.asset)).catch(() => undefined);
    return !this.#closed && this.#state.kind === 'task' && this.#state.task.id === task.id;
  }

  #prefetch(paths: readonly string[]): void {
    for (const path of paths) void this.pictures.load(path).catch(() => undefined);
  }

  async #reserveMore(shown: TaskView): Promise<void> {
    if (!await this.#inHand(shown)) return;
    try {
      // With a task in hand `next` answers that same task, and reserves what follows.
      const { task, reserved } = await this.calls.next(this.projectId, this.kind, reserve);
      if (this.#state.kind !== 'task' || task?.id !== this.#state.task.id) return;
      this.#reserved = reserved;
      this.#prefetch(reserved.map(one => this.pathOf(one.taskId, one.asset)));
    } catch {
      // Without a reservation the next task only opens a little later.
    }
  }

  #become(state: FlowState): void {
    if (this.#closed) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
