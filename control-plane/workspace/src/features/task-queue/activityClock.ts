/** A pause longer than this is no work on the task. */
export const idleMilliseconds = 30_000;

/** Counts the time that a person works on a task: the time between acts, pauses left out. */
export class ActivityClock {
  #counted = 0;
  #lastAct: number | undefined;

  constructor(readonly now: () => number = Date.now) {}

  /** The person did something just now. */
  act(): void {
    const now = this.now();
    if (this.#lastAct !== undefined) this.#counted += Math.min(now - this.#lastAct, idleMilliseconds);
    this.#lastAct = now;
  }

  /** The page was hidden: what comes until the next act is no work. */
  pause(): void {
    if (this.#lastAct !== undefined) this.act();
    this.#lastAct = undefined;
  }

  /** Work so far, a running stretch included. */
  get activeMs(): number {
    const running = this.#lastAct === undefined ? 0 : Math.min(this.now() - this.#lastAct, idleMilliseconds);
    return this.#counted + running;
  }

  /** Whether something was done within a span. */
  actedWithin(milliseconds: number): boolean {
    return this.#lastAct !== undefined && this.now() - this.#lastAct < milliseconds;
  }

  /** Goes on from what an earlier draft had counted. */
  startFrom(milliseconds: number): void {
    this.#counted = milliseconds;
    this.#lastAct = undefined;
  }
}
