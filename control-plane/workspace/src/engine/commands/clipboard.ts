import { clampMove, rectUnion } from '../geometry';
import { adding, type EditName } from '../history/edit';
import type { LabelObject } from '../model/document';
import { uuidv7 } from '../model/uuid';
import { boundsOf, shapeKind } from '../shapes';
import type { Workspace } from '../store/workspace';

/** So far beside its origin lands a copy, in CSS pixels. */
const offset = 12;

/** Copied objects. It outlives a task, so that a shape can be pasted into the next one. */
export class Clipboard {
  #objects: readonly LabelObject[] = [];
  #from: Workspace | undefined;
  #pasted = 0;

  get isEmpty(): boolean {
    return this.#objects.length === 0;
  }

  copy(ws: Workspace): number {
    const objects = ws.selected();
    if (objects.length === 0) return 0;
    this.#objects = objects;
    this.#from = ws;
    this.#pasted = 0;
    return objects.length;
  }

  /** Pastes beside the originals; in place on another picture, or when asked. The number that fitted this ontology. */
  paste(ws: Workspace, inPlace = false): number {
    this.#pasted++;
    const by = inPlace || ws !== this.#from ? 0 : (offset * this.#pasted) / ws.state.view.scale;
    return put(ws, this.#objects, by, 'paste');
  }
}

/** Copies what is selected beside itself. */
export const duplicate = (ws: Workspace): number => put(ws, ws.selected(), offset / ws.state.view.scale, 'duplicate');

function put(ws: Workspace, objects: readonly LabelObject[], by: number, name: EditName): number {
  const shapes = objects.flatMap(object => {
    const kind = ws.kindOf(object);
    return kind ? [{ kind, object }] : [];
  });
  const bounds = rectUnion(shapes.map(({ kind, object }) => boundsOf(kind, object.geometry)));
  if (!bounds || ws.readOnly) return 0;
  const { dx, dy } = clampMove(bounds, by, by, ws.size);
  // A smaller picture: pushed in as far as it goes; what is larger than the picture stays out.
  const into = { x: Math.max(-bounds.x - dx, Math.min(0, ws.size.width - bounds.x - bounds.w - dx)), y: Math.max(-bounds.y - dy, Math.min(0, ws.size.height - bounds.y - bounds.h - dy)) };
  const made = shapes.flatMap(({ kind, object }) => {
    const geometry = shapeKind(kind).moved(object.geometry, dx + into.x, dy + into.y);
    if (shapeKind(kind).fault(geometry, ws.size) === 'outside') return [];
    // A copy is the person's own: what the original came from is not its origin.
    return [{ id: uuidv7(), tool: object.tool, geometry, answers: object.answers }];
  });
  ws.run({ name, objects: adding(ws.state.document, made) });
  if (made.length > 0) {
    ws.draw(undefined);
    ws.select(made.map(object => object.id));
  }
  return made.length;
}
