import { inverse, merged, type Edit } from './edit';

/** What can be taken back, and what can be done again. One gesture is one step. */
export class History {
  #past: Edit[] = [];
  #future: Edit[] = [];

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Remembers an edit. `again`: the same gesture goes on (a key that is held down), so it joins the step before. */
  add(edit: Edit, again = false): void {
    const last = this.#past.at(-1);
    const joined = again && last && this.#future.length === 0 ? merged(last, edit) : undefined;
    if (joined) this.#past.pop();
    this.#past.push(joined ?? edit);
    this.#future = [];
  }

  /** The edit that takes the last step back. */
  undo(): Edit | undefined {
    const last = this.#past.pop();
    if (!last) return undefined;
    this.#future.push(last);
    return inverse(last);
  }

  redo(): Edit | undefined {
    const next = this.#future.pop();
    if (next) this.#past.push(next);
    return next;
  }

  clear(): void {
    this.#past = [];
    this.#future = [];
  }
}
