import { distance, type ImagePoint } from '../../geometry';
import { addShape } from '../../commands/objects';
import type { ToolState } from '../tool';
import { boxIdle } from './idle';

/** One corner stands. The other is where the drag ends, or the second click. */
export const boxDrawing = (from: ImagePoint): ToolState => ({
  path: 'box.drawing',
  hint: () => 'box.second',
  inHand: { kind: 'box', points: [from] },
  pointerUp(ws, pointer) {
    const to = ws.snapped(pointer);
    // Released where it was pressed: the first of two clicks.
    if (distance(from, to) <= pointer.reach) return undefined;
    return addShape(ws, 'box', [from, to]) ? boxIdle : undefined;
  },
  complete: ws => ws.state.cursor && addShape(ws, 'box', [from, ws.state.cursor]) ? boxIdle : undefined,
  cancel: () => boxIdle,
  back: () => boxIdle,
});
