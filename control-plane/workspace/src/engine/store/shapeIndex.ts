import RBush from 'rbush';
import type { ImagePoint, Rect } from '../geometry';
import { positionOf, type LabelDocument, type LabelObject } from '../model/document';
import type { OntologyIndex } from '../model/ontology-index';
import { boundsOf, drawnKindOf, shapeKind } from '../shapes';
import { changedObjects, type Changed } from './changes';

interface Entry { readonly minX: number; readonly minY: number; readonly maxX: number; readonly maxY: number; readonly id: string }

/** Where the shapes of a document are: bounding boxes in a tree, then the exact test. Follows the document by its differences. */
export class ShapeIndex {
  #document: LabelDocument | undefined;
  readonly #tree = new RBush<Entry>(16);
  readonly #entries = new Map<string, Entry>();

  constructor(readonly ontology: OntologyIndex) {}

  /** Goes on to another document. */
  follow(document: LabelDocument): readonly Changed[] {
    if (document === this.#document) return [];
    const changed = changedObjects(this.#document?.objects ?? [], document.objects);
    this.#document = document;
    const entering: Entry[] = [];
    for (const { before, after } of changed) {
      if (before === after) continue;
      const old = before && this.#entries.get(before.id);
      if (before && old) {
        this.#tree.remove(old);
        this.#entries.delete(before.id);
      }
      const entry = after && this.#entryOf(after);
      if (entry) {
        this.#entries.set(entry.id, entry);
        entering.push(entry);
      }
    }
    if (entering.length > 0) this.#tree.load(entering);
    return changed;
  }

  /** The objects whose bounding boxes touch a rectangle, lowest first. */
  within(rect: Rect): LabelObject[] {
    const document = this.#document;
    if (!document) return [];
    return this.#tree.search({ minX: rect.x, minY: rect.y, maxX: rect.x + rect.w, maxY: rect.y + rect.h })
      .map(entry => positionOf(document, entry.id))
      .sort((a, b) => a - b)
      .flatMap(at => document.objects[at] ?? []);
  }

  /** The topmost object under a point; `passes` leaves out what is hidden or in hand. */
  topmost(at: ImagePoint, reach: number, passes: (object: LabelObject) => boolean): LabelObject | undefined {
    // A point's mark reaches a little further than its place.
    const found = this.within({ x: at.x - reach * 1.5, y: at.y - reach * 1.5, w: reach * 3, h: reach * 3 });
    return found.findLast(object => {
      const kind = drawnKindOf(this.ontology, object);
      return kind !== undefined && passes(object) && shapeKind(kind).hits(object.geometry, at, reach);
    });
  }

  /** The objects that lie wholly within a rectangle. */
  inside(rect: Rect): LabelObject[] {
    return this.within(rect).filter(object => {
      const entry = this.#entries.get(object.id);
      return entry && entry.minX >= rect.x && entry.minY >= rect.y && entry.maxX <= rect.x + rect.w && entry.maxY <= rect.y + rect.h;
    });
  }

  #entryOf(object: LabelObject): Entry | undefined {
    const kind = drawnKindOf(this.ontology, object);
    if (!kind) return undefined;
    const { x, y, w, h } = boundsOf(kind, object.geometry);
    return { minX: x, minY: y, maxX: x + w, maxY: y + h, id: object.id };
  }
}
