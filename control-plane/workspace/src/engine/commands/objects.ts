import { clampMove, rectUnion, type ImagePoint } from '../geometry';
import { adding, removing, replacing, type ObjectChange } from '../history/edit';
import { asEdited, positionOf, withGeometry, type LabelObject } from '../model/document';
import { uuidv7 } from '../model/uuid';
import { withoutUnasked } from '../model/answers';
import { boundsOf, shapeKind, type DrawnKind } from '../shapes';
import type { Workspace } from '../store/workspace';
import { reveal } from './view';

/** A shape that was drawn becomes an object and is selected, so that its questions can be answered at once. False while it is none yet. */
export function addShape(ws: Workspace, kind: DrawnKind, points: readonly ImagePoint[]): boolean {
  const { document, drawing } = ws.state;
  const geometry = shapeKind(kind).fromPoints(points);
  if (!drawing || !geometry) return false;
  const object: LabelObject = { id: uuidv7(), tool: drawing.id, geometry, answers: {} };
  ws.run({ name: 'draw', objects: adding(document, [object]) });
  ws.select([object.id]);
  return true;
}

/** Removes what is selected and not locked, with the relations that would have no end. */
export function removeSelected(ws: Workspace): void {
  const { document } = ws.state;
  const gone = new Set(ws.selected().filter(object => !ws.state.locked.has(object.id)).map(object => object.id));
  const relations = document.relations.filter(relation => !gone.has(relation.from) && !gone.has(relation.to));
  ws.run({
    name: 'remove',
    objects: removing(document, gone),
    ...(relations.length < document.relations.length && { relations: { before: document.relations, after: relations } }),
  });
}

/** Moves what is selected, within the picture. `again`: the key is held down, and one undo takes all of it back. */
export function nudge(ws: Workspace, dx: number, dy: number, again = false): void {
  const held = ws.movable();
  const bounds = rectUnion(held.map(({ kind, object }) => boundsOf(kind, object.geometry)));
  if (!bounds) return;
  const by = clampMove(bounds, dx, dy, ws.size);
  if (by.dx === 0 && by.dy === 0) return;
  ws.run({
    name: 'move',
    objects: replacing(ws.state.document, held.map(({ kind, object }) => withGeometry(object, shapeKind(kind).moved(object.geometry, by.dx, by.dy)))),
  }, again);
}

/** Gives the selected objects another class of the same kind; answers that it does not ask for go. */
export function changeClass(ws: Workspace, toolId: string): boolean {
  const tool = ws.ontology.tool(toolId);
  const fitting = ws.selected().filter(object => tool && !ws.state.locked.has(object.id) && ws.ontology.tool(object.tool)?.kind === tool.kind);
  if (!tool || fitting.length === 0) return false;
  ws.run({
    name: 'reclass',
    objects: replacing(ws.state.document, fitting.map(object => object.tool === tool.id ? object : asEdited({
      ...object, tool: tool.id, answers: withoutUnasked(tool.questions ?? [], object.answers),
    }))),
  });
  return true;
}

/** Puts the selected objects above or below all others. */
export function reorder(ws: Workspace, where: 'front' | 'back'): void {
  const { document } = ws.state;
  const moved = ws.selected().map(object => ({ object, at: positionOf(document, object.id) })).sort((a, b) => a.at - b.at);
  const first = where === 'back' ? 0 : document.objects.length - moved.length;
  if (moved.every(({ at }, i) => at === first + i)) return;
  ws.run({ name: 'order', objects: moved.map(({ object, at }, i): ObjectChange => ({ before: object, beforeAt: at, after: object, afterAt: first + i })) });
}

/** Selects the object after or before the selected one, in the document's order, and shows it. */
export function selectNext(ws: Workspace, step: 1 | -1): LabelObject | undefined {
  const { document, selection, hidden } = ws.state;
  const shown = document.objects.filter(object => !hidden.has(object.id));
  if (shown.length === 0) return undefined;
  const ids = [...selection];
  const at = shown.findIndex(object => object.id === ids.at(-1));
  const next = at < 0 ? (step > 0 ? shown[0] : shown.at(-1)) : shown[(at + step + shown.length) % shown.length];
  if (next) reveal(ws, next.id);
  return next;
}

export function selectAll(ws: Workspace): void {
  ws.select(ws.state.document.objects.filter(object => !ws.state.hidden.has(object.id) && !ws.state.locked.has(object.id)).map(object => object.id));
}
