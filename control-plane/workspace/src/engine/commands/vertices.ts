import { imagePoint, clampPoint, type ImagePoint } from '../geometry';
import { replacing } from '../history/edit';
import { withGeometry, type LabelObject } from '../model/document';
import type { BoxGeometry, Geometry } from '../model/geometry';
import { handleAfter, shapeKind } from '../shapes';
import type { Workspace } from '../store/workspace';

const reshape = (ws: Workspace, name: 'reshape' | 'insertVertex' | 'removeVertex', object: LabelObject, geometry: Geometry, again = false): void =>
  ws.run({ name, objects: replacing(ws.state.document, [withGeometry(object, geometry)]) }, again);

/** A vertex where the outline of the only selected shape is nearest, when that is within reach. */
export function insertVertexAt(ws: Workspace, at: ImagePoint, reach: number): boolean {
  const [only] = ws.movable();
  if (!only || ws.state.selection.size !== 1) return false;
  const inserted = shapeKind(only.kind).withVertex?.(only.object.geometry, at);
  if (!inserted || inserted.distance > reach) return false;
  reshape(ws, 'insertVertex', only.object, inserted.geometry);
  ws.chooseHandle(inserted.handle);
  return true;
}

/** A vertex in the middle of the edge that follows the chosen one. */
export function insertVertexAfter(ws: Workspace): void {
  const [only] = ws.movable();
  const { handle } = ws.state;
  if (!only || handle === undefined) return;
  const handles = shapeKind(only.kind).handles(only.object.geometry);
  const here = handles[handle];
  const vertices = handles.filter(one => one.role === 'vertex');
  const next = vertices[(handle + 1) % vertices.length];
  if (here?.role !== 'vertex' || !next) return;
  insertVertexAt(ws, imagePoint((here.at.x + next.at.x) / 2, (here.at.y + next.at.y) / 2), Infinity);
}

/** Without this vertex; false when the shape would have too few. */
export function removeVertex(ws: Workspace, object: LabelObject, handle: number): boolean {
  const kind = ws.kindOf(object);
  const geometry = kind && shapeKind(kind).withoutVertex?.(object.geometry, handle);
  if (!geometry) return false;
  reshape(ws, 'removeVertex', object, geometry);
  ws.chooseHandle(undefined);
  return true;
}

/** Removes the chosen vertex; false when none is chosen or the shape needs it. */
export function removeChosenVertex(ws: Workspace): boolean {
  const [only] = ws.movable();
  const { handle } = ws.state;
  return only !== undefined && handle !== undefined && removeVertex(ws, only.object, handle);
}

/** Chooses the next corner or vertex, so that keys can move it. */
export function chooseNextHandle(ws: Workspace, step: 1 | -1): void {
  const [only] = ws.movable();
  if (!only || ws.state.selection.size !== 1) return;
  const count = shapeKind(only.kind).handles(only.object.geometry).filter(one => one.role !== 'middle').length;
  if (count === 0) return;
  const { handle } = ws.state;
  ws.chooseHandle(handle === undefined ? (step > 0 ? 0 : count - 1) : (handle + step + count) % count);
}

/** Moves the chosen handle by keys: resizes a box, bends an outline. */
export function nudgeHandle(ws: Workspace, dx: number, dy: number, again = false): void {
  const [only] = ws.movable();
  const { handle } = ws.state;
  if (!only || handle === undefined) return;
  const shape = shapeKind(only.kind);
  const from = shape.handles(only.object.geometry)[handle];
  if (!from) return;
  const to = clampPoint(imagePoint(from.at.x + dx, from.at.y + dy), ws.size);
  const geometry = shape.withHandle(only.object.geometry, handle, to);
  // A box keeps an area: its sides may not meet by keys.
  if (only.kind === 'box' && shape.fault(geometry, ws.size) === 'flat') return;
  reshape(ws, 'reshape', only.object, geometry, again);
  if (only.kind === 'box') ws.chooseHandle(handleAfter(only.object.geometry as BoxGeometry, handle, to));
}
