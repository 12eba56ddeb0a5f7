import { clampPoint, imagePoint, screenPoint, type ImagePoint } from '../geometry';
import type { Workspace } from '../store/workspace';
import { revealing, toImage } from '../view/view';

/** Where the crosshair of the keys stands; first in the middle of what is seen. */
function cursorOf(ws: Workspace): ImagePoint {
  const { cursor, view, stage } = ws.state;
  if (cursor) return clampPoint(cursor, ws.size);
  const middle = toImage(view, screenPoint(stage.width / 2, stage.height / 2));
  return clampPoint(imagePoint(Math.round(middle.x), Math.round(middle.y)), ws.size);
}

/** Moves the crosshair; the view follows it. */
export function moveCursor(ws: Workspace, dx: number, dy: number): void {
  const from = cursorOf(ws);
  ws.putCursor(imagePoint(from.x + dx, from.y + dy));
  const { cursor, view, stage } = ws.state;
  const next = cursor && revealing(view, { ...cursor, w: 0, h: 0 }, stage);
  if (next && next !== view) ws.look(next);
}

/** Presses and releases at the crosshair: what a click does with the pointer. */
export function placeAtCursor(ws: Workspace): void {
  const at = cursorOf(ws);
  ws.pointerDown({ at, reach: 0 });
  ws.pointerUp({ at, reach: 0 });
  ws.putCursor(at);
}
