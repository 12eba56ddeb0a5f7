import { keyOf, tilesUnder, type TileAddress } from './tileGrid';
import type { Rect } from '../../engine';

/** What a tile of the cache is like: painted and true, painted but out of date, or not there. */
export type TileState = 'fresh' | 'stale' | 'missing';

interface Held<Surface> { surface: Surface; fresh: boolean; used: number }

/** Painted tiles of one scale, and which of them no longer tell the truth. Knows nothing of canvases. */
export class TileStore<Surface> {
  readonly #tiles = new Map<string, Held<Surface>>();
  #clock = 0;

  constructor(readonly scale: number, readonly most: number, readonly release: (surface: Surface) => void = () => undefined) {}

  stateOf(address: TileAddress): TileState {
    const held = this.#tiles.get(keyOf(address));
    return held ? (held.fresh ? 'fresh' : 'stale') : 'missing';
  }

  /** The surface, however old its truth. */
  get(address: TileAddress): Surface | undefined {
    const held = this.#tiles.get(keyOf(address));
    if (held) held.used = ++this.#clock;
    return held?.surface;
  }

  put(address: TileAddress, surface: Surface): void {
    const key = keyOf(address);
    const before = this.#tiles.get(key)?.surface;
    if (before !== undefined && before !== surface) this.release(before);
    this.#tiles.set(key, { surface, fresh: true, used: ++this.#clock });
    if (this.#tiles.size > this.most) this.#dropOldest();
  }

  /** What lies under these rectangles of the picture is no longer true. */
  touch(rects: Iterable<Rect>): void {
    for (const rect of rects) {
      for (const address of tilesUnder(rect, this.scale)) {
        const held = this.#tiles.get(keyOf(address));
        if (held) held.fresh = false;
      }
    }
  }

  clear(): void {
    for (const { surface } of this.#tiles.values()) this.release(surface);
    this.#tiles.clear();
  }

  get size(): number {
    return this.#tiles.size;
  }

  #dropOldest(): void {
    let oldest: [string, Held<Surface>] | undefined;
    for (const entry of this.#tiles) if (!oldest || entry[1].used < oldest[1].used) oldest = entry;
    if (!oldest) return;
    this.#tiles.delete(oldest[0]);
    this.release(oldest[1].surface);
  }
}
