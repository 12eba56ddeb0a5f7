import { rectUnion, snapMove, type ImagePoint } from '../../geometry';
import { boundsOf, shapeKind } from '../../shapes';
import type { ToolState } from '../tool';
import { selectIdle } from './idle';

/** The selection follows the pointer, within the picture; its edges snap to the picture's. */
export function moving(from: ImagePoint): ToolState {
  const state: ToolState = {
    path: 'select.moving',
    hint: () => 'select.moving',
    gesture: true,
    pointerMove(ws, pointer) {
      const held = ws.movable();
      const bounds = rectUnion(held.map(({ kind, object }) => boundsOf(kind, object.geometry)));
      if (!bounds) return selectIdle;
      const by = snapMove(bounds, pointer.at.x - from.x, pointer.at.y - from.y, ws.size, pointer.reach / 2);
      ws.preview(held.map(({ kind, object }) => [object.id, shapeKind(kind).moved(object.geometry, by.dx, by.dy)]));
      return state;
    },
    pointerUp(ws) {
      ws.commitPreview('move');
      return selectIdle;
    },
    cancel(ws) {
      ws.preview([]);
      return selectIdle;
    },
  };
  return state;
}
