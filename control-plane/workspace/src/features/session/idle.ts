/** How long before the end a person is warned. */
export const warningMilliseconds = 120_000;
/** The server hears of activity at most so often. */
const reportMilliseconds = 60_000;

export type IdleState = { readonly kind: 'here' } | { readonly kind: 'warned'; readonly endsAt: number } | { readonly kind: 'over' };

interface IdleParts {
  readonly limitMilliseconds: number;
  /** How long nobody was here already, in another tab or before this page was loaded. */
  readonly idleMilliseconds?: number;
  /** Tells the server that somebody is here. */
  readonly report: () => Promise<unknown>;
  readonly now?: () => number;
}

/**
 * Knows whether anybody is at the page. Only a pointer, a key or a touch counts, in any tab of this browser: what the page asks by itself,
 * or plays, does not. (1) each of them moves the end; (2) two minutes before it the person is warned; (3) at the end the session is over.
 */
export class IdleWatch {
  #last: number;
  #reported: number;
  #state: IdleState = { kind: 'here' };
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #now: () => number;
  readonly #channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('hybrid.activity');
  readonly #listeners = new Set<() => void>();

  constructor(readonly parts: IdleParts) {
    this.#now = parts.now ?? Date.now;
    this.#last = this.#now() - (parts.idleMilliseconds ?? 0);
    this.#reported = this.#last;
    // Another tab of the same browser: one person, one session.
    this.#channel?.addEventListener('message', () => this.#moved());
    this.#wait();
  }

  get state(): IdleState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Somebody pressed, clicked or touched. While the warning is shown only its own button counts. */
  touched(): void {
    if (this.#state.kind === 'here') this.stay();
  }

  /** The person wants to stay. */
  stay(): void {
    if (this.#state.kind === 'over') return;
    this.#moved();
    if (this.#last - this.#reported < reportMilliseconds) return;
    this.#reported = this.#last;
    this.#channel?.postMessage('active');
    void this.parts.report().catch(() => undefined);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#channel?.close();
  }

  #moved(): void {
    this.#last = this.#now();
    this.#become({ kind: 'here' });
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const endsAt = this.#last + this.parts.limitMilliseconds;
    const left = endsAt - this.#now();
    if (left <= 0) this.#become({ kind: 'over' });
    else if (left <= warningMilliseconds) {
      this.#become({ kind: 'warned', endsAt });
      this.#timer = setTimeout(() => this.#wait(), left);
    } else this.#timer = setTimeout(() => this.#wait(), left - warningMilliseconds);
  }

  #become(state: IdleState): void {
    if (state.kind === this.#state.kind) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
