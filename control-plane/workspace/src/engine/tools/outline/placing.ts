import { distance, type ImagePoint } from '../../geometry';
import { addShape } from '../../commands/objects';
import type { ToolState } from '../tool';
import { outlineIdle } from './idle';

/** Points are placed one by one. `undone` are those that were taken back and may come again. */
export function placing(kind: 'polygon' | 'polyline', points: readonly ImagePoint[], undone: readonly ImagePoint[]): ToolState {
  const least = kind === 'polygon' ? 3 : 2;
  const state: ToolState = {
    path: `${kind}.placing`,
    hint: () => kind === 'polygon' ? (points.length < least ? 'polygon.more' : 'polygon.close') : points.length < least ? 'polyline.more' : 'polyline.end',
    inHand: { kind, points },
    pointerDown(ws, pointer) {
      const at = ws.snapped(pointer);
      const first = points[0];
      const last = points.at(-1);
      if (kind === 'polygon' && first && points.length >= least && distance(first, pointer.at) <= pointer.reach) return state.complete?.(ws);
      // Twice in the same place is one point: a double click ends the shape.
      if (last && distance(last, at) <= pointer.reach / 4) return undefined;
      return placing(kind, [...points, at], []);
    },
    doubleClick: ws => state.complete?.(ws),
    complete: ws => points.length >= least && addShape(ws, kind, points) ? outlineIdle(kind) : undefined,
    cancel: () => outlineIdle(kind),
    back() {
      const last = points.at(-1);
      return last && points.length > 1 ? placing(kind, points.slice(0, -1), [...undone, last]) : outlineIdle(kind);
    },
    forward() {
      const next = undone.at(-1);
      return next && placing(kind, [...points, next], undone.slice(0, -1));
    },
  };
  return state;
}
