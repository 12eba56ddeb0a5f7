import {
  boundsOf, changedObjects, ShapeIndex, type LabelDocument, type LabelObject, type Rect, type Size, type View, type Workspace,
} from '../../engine';
import { colourOf } from '../palette';
import type { Brush } from '../paint';
import { paintTile } from './paintTile';
import { paintMargin, tileRect, tileSide, visibleTiles, type TileAddress } from './tileGrid';
import { TileStore } from './tileStore';

/** Tiles that are kept beside the visible ones, for the way back. */
const mostTiles = 120;
/** A zoom is at rest after this long; only then are tiles of its scale painted. */
const restMilliseconds = 90;
/** Time that one slice of painting may take. */
const sliceMilliseconds = 8;

/** Shapes that are not in hand, painted once into tiles and put together on each frame. */
export class TileLayer {
  readonly #index: ShapeIndex;
  #document: LabelDocument | undefined;
  #left: ReadonlySet<string> = new Set();
  #store: TileStore<OffscreenCanvas> | undefined;
  /** The tiles of the scale before, shown scaled until the new ones are there. */
  #before: TileStore<OffscreenCanvas> | undefined;
  #ratio = 1;
  #scaleSince = 0;
  #scale = 0;
  /** Tiles painted since the beginning, for measurements and tests. */
  painted = 0;

  constructor(readonly workspace: Workspace) {
    this.#index = new ShapeIndex(workspace.ontology);
  }

  /** Takes over what is to be shown; true when a tile is no longer true. `leftOut`: hidden ones, and those that the overlay paints. */
  follow(document: LabelDocument, leftOut: ReadonlySet<string>): boolean {
    const rects: Rect[] = [];
    if (document !== this.#document) {
      const before = this.#document?.objects ?? [];
      this.#document = document;
      for (const { before: old, after } of changedObjects(before, document.objects)) for (const one of [old, after]) rects.push(...this.#boundsOf(one));
      this.#index.follow(document);
    }
    if (leftOut !== this.#left) {
      const switched = [...leftOut].filter(id => !this.#left.has(id)).concat([...this.#left].filter(id => !leftOut.has(id)));
      this.#left = leftOut;
      for (const id of switched) rects.push(...this.#boundsOf(this.workspace.shapeOf(id)?.object));
    }
    this.#store?.touch(rects);
    this.#before?.touch(rects);
    return rects.length > 0;
  }

  /** Puts the tiles together on the stage's canvas. */
  compose(brush: Brush, view: View, stage: Size): void {
    const store = this.#store;
    for (const address of visibleTiles(view, stage, this.workspace.size)) {
      const tile = store?.scale === view.scale ? store.get(address) : undefined;
      if (tile) this.#put(brush, tile, tileRect(address, view.scale), view);
      else this.#patch(brush, tileRect(address, view.scale), view);
    }
  }

  /** Turns to another scale once a zoom is at rest; the tiles of the scale before stay for the time between. */
  tune(scale: number, ratio: number, now: number): void {
    if (scale !== this.#scale) {
      this.#scale = scale;
      this.#scaleSince = now;
    }
    if (this.#store?.scale === scale && this.#ratio === ratio) return;
    // While a zoom goes on, the tiles that are there are scaled.
    if (this.#store && this.#ratio === ratio && now - this.#scaleSince < restMilliseconds) return;
    if (this.#ratio !== ratio) this.#store?.clear();
    if (this.#store && this.#store.size > 0) {
      this.#before?.clear();
      this.#before = this.#store;
    }
    this.#ratio = ratio;
    this.#store = new TileStore(scale, mostTiles);
  }

  /** True when visible tiles are missing or untrue, and their scale is the store's. */
  waits(view: View, stage: Size): boolean {
    const store = this.#store;
    return store?.scale === view.scale && visibleTiles(view, stage, this.workspace.size).some(address => store.stateOf(address) !== 'fresh');
  }

  /** Paints missing and untrue tiles, nearest first, for one slice of time; `least` of them however long it takes. */
  paintSome(view: View, stage: Size, now: () => number, least = 0): void {
    const store = this.#store;
    if (store?.scale !== view.scale) return;
    const waiting = visibleTiles(view, stage, this.workspace.size).filter(address => store.stateOf(address) !== 'fresh');
    const end = now() + sliceMilliseconds;
    let done = 0;
    while (done < waiting.length && (done < least || now() < end)) {
      const address = waiting[done++];
      if (address) store.put(address, this.#paint(address, store));
    }
    if (done === waiting.length) {
      this.#before?.clear();
      this.#before = undefined;
    }
  }

  destroy(): void {
    this.#store?.clear();
    this.#before?.clear();
  }

  #paint(address: TileAddress, store: TileStore<OffscreenCanvas>): OffscreenCanvas {
    const side = Math.round(tileSide * this.#ratio);
    const surface = store.get(address) ?? new OffscreenCanvas(side, side);
    const brush = surface.getContext('2d');
    if (!brush) return surface;
    brush.setTransform(1, 0, 0, 1, 0, 0);
    brush.clearRect(0, 0, side, side);
    const rect = tileRect(address, store.scale);
    const by = paintMargin / store.scale;
    const objects = this.#index.within({ x: rect.x - by, y: rect.y - by, w: rect.w + 2 * by, h: rect.h + 2 * by }).filter(object => !this.#left.has(object.id));
    paintTile(brush, address, store.scale, this.#ratio, objects, {
      kindOf: object => this.workspace.kindOf(object),
      colourOf: object => colourOf(this.workspace.ontology, object.tool),
    });
    this.painted++;
    return surface;
  }

  #put(brush: Brush, tile: OffscreenCanvas, rect: Rect, view: View): void {
    // Whole device pixels, so that neighbours meet without a seam and nothing is blurred.
    const snap = (value: number) => Math.round(value * this.#ratio) / this.#ratio;
    const x = snap(view.left + rect.x * view.scale);
    const y = snap(view.top + rect.y * view.scale);
    brush.drawImage(tile, x, y, snap(view.left + (rect.x + rect.w) * view.scale) - x, snap(view.top + (rect.y + rect.h) * view.scale) - y);
  }

  /** What older tiles show of a place, scaled. */
  #patch(brush: Brush, rect: Rect, view: View): void {
    const old = this.#store && this.#store.scale !== view.scale ? this.#store : this.#before;
    if (!old) return;
    const side = tileSide / old.scale;
    brush.save();
    brush.beginPath();
    brush.rect(view.left + rect.x * view.scale, view.top + rect.y * view.scale, rect.w * view.scale, rect.h * view.scale);
    brush.clip();
    for (let row = Math.floor(rect.y / side); row * side < rect.y + rect.h; row++) {
      for (let column = Math.floor(rect.x / side); column * side < rect.x + rect.w; column++) {
        const tile = old.get({ column, row });
        if (tile) this.#put(brush, tile, tileRect({ column, row }, old.scale), view);
      }
    }
    brush.restore();
  }

  #boundsOf(object: LabelObject | undefined): Rect[] {
    const kind = object && this.workspace.kindOf(object);
    return object && kind ? [boundsOf(kind, object.geometry)] : [];
  }
}
