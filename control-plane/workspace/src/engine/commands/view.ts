import { screenPoint, type ScreenPoint } from '../geometry';
import { boundsOf } from '../shapes';
import type { Workspace } from '../store/workspace';
import { fittedView, pannedView, revealing, zoomedAt } from '../view/view';

/** The whole picture. */
export const fit = (ws: Workspace): void => ws.look(fittedView(ws.size, ws.state.stage), true);

/** A scale in CSS pixels a picture pixel; the point under `at` stays, else the middle of the stage. */
export function zoomTo(ws: Workspace, scale: number, at?: ScreenPoint): void {
  const { view, stage } = ws.state;
  ws.look(zoomedAt(view, at ?? screenPoint(stage.width / 2, stage.height / 2), scale));
}

export const zoomBy = (ws: Workspace, factor: number, at?: ScreenPoint): void => zoomTo(ws, ws.state.view.scale * factor, at);

export const pan = (ws: Workspace, dx: number, dy: number): void => ws.look(pannedView(ws.state.view, dx, dy));

/** Selects an object and moves the view there. */
export function reveal(ws: Workspace, id: string): void {
  ws.select([id]);
  const shape = ws.shapeOf(id);
  if (!shape) return;
  const { view, stage } = ws.state;
  const next = revealing(view, boundsOf(shape.kind, shape.object.geometry), stage);
  if (next !== view) ws.look(next);
}
