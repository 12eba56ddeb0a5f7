import { isProblem, type Lease } from '../../api';
import type { ActivityClock } from './activityClock';

const beatMilliseconds = 60_000;
/** Without an act for this long the hold is left to lapse. */
const activeMilliseconds = 5 * 60_000;
const warnMilliseconds = 3 * 60_000;

export type LeaseState =
  | { readonly kind: 'held'; readonly until: number }
  /** It lapses soon, because nothing was done for a while. */
  | { readonly kind: 'ending'; readonly until: number }
  /** It lapsed; a submit still counts while nobody else took the task. */
  | { readonly kind: 'lapsed' }
  | { readonly kind: Gone };

/** Somebody else has the task, or it is finished: by another window of the same person, or by who took it. */
export type Gone = 'taken' | 'finished';

/** Whether a refusal says that the task is not this page's any more. */
export const goneBy = (error: unknown): Gone | undefined =>
  isProblem(error, 'task.taken') ? 'taken' : isProblem(error, 'task.finished') ? 'finished' : undefined;

export const isGone = (kind: string): kind is Gone => kind === 'taken' || kind === 'finished';

/** Holds on to a task while the person works on it, and says when it slips. */
export class LeaseKeeper {
  #until: number;
  #gone: Gone | undefined;
  #state: LeaseState;
  #nextBeat: number;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #listeners = new Set<() => void>();

  constructor(lease: Lease | null, readonly beat: () => Promise<Lease>, readonly clock: ActivityClock, readonly now: () => number = Date.now) {
    this.#until = lease ? Date.parse(lease.expiresAt) : now();
    this.#nextBeat = now() + beatMilliseconds;
    this.#state = this.#read();
    this.#timer = setInterval(() => this.#tick(), 5_000);
  }

  get state(): LeaseState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Another request said that the task is gone. */
  gone(how: Gone): void {
    this.#gone = how;
    this.#change();
  }

  /** The person wants to keep it: asks at once. */
  async keep(): Promise<void> {
    if (this.#gone) return;
    this.clock.act();
    this.#nextBeat = this.now() + beatMilliseconds;
    await this.#send();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    if (!this.#gone && this.now() >= this.#nextBeat && this.clock.actedWithin(activeMilliseconds)) {
      this.#nextBeat = this.now() + beatMilliseconds;
      void this.#send();
    }
    this.#change();
  }

  async #send(): Promise<void> {
    try {
      this.#until = Date.parse((await this.beat()).expiresAt);
    } catch (error) {
      this.#gone ??= goneBy(error);
    }
    this.#change();
  }

  #read(): LeaseState {
    if (this.#gone) return { kind: this.#gone };
    const rest = this.#until - this.now();
    if (rest <= 0) return { kind: 'lapsed' };
    return { kind: rest < warnMilliseconds ? 'ending' : 'held', until: this.#until };
  }

  #change(): void {
    const next = this.#read();
    if (next.kind === this.#state.kind && (!('until' in next) || !('until' in this.#state) || next.until === this.#state.until)) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}
