import type { AssetSource, DecodedPicture } from '../../media';

interface Held {
  readonly promise: Promise<DecodedPicture>;
  readonly stop: AbortController;
  picture?: DecodedPicture;
}

/** Decoded pictures of the task in hand and of the reserved ones, in memory only. */
export class PictureStore {
  readonly #held = new Map<string, Held>();

  constructor(readonly source: AssetSource) {}

  /** Begins to load a picture, or goes on with what was begun. */
  load(path: string): Promise<DecodedPicture> {
    const held = this.#held.get(path);
    if (held) return held.promise;
    return this.#begin(path, signal => this.source.load(path, signal));
  }

  /** Loads anew after a failure. */
  retry(path: string): Promise<DecodedPicture> {
    this.#drop(path);
    return this.#begin(path, signal => this.source.retry(path, signal));
  }

  /** The picture, when it is ready to be painted in this very frame. */
  ready(path: string): DecodedPicture | undefined {
    return this.#held.get(path)?.picture;
  }

  /** Frees every picture but these. */
  keepOnly(paths: readonly string[]): void {
    for (const path of [...this.#held.keys()]) if (!paths.includes(path)) this.#drop(path);
  }

  #begin(path: string, load: (signal: AbortSignal) => Promise<DecodedPicture>): Promise<DecodedPicture> {
    const stop = new AbortController();
    const promise = load(stop.signal);
    const held: Held = { promise, stop };
    this.#held.set(path, held);
    promise.then(picture => {
      if (this.#held.get(path) === held) held.picture = picture;
      else picture.bitmap.close();
    }, () => {
      // A failed prefetch is begun anew when the task is opened.
      if (this.#held.get(path) === held) this.#held.delete(path);
    });
    return promise;
  }

  #drop(path: string): void {
    const held = this.#held.get(path);
    if (!held) return;
    this.#held.delete(path);
    held.stop.abort();
    held.picture?.bitmap.close();
  }
}
