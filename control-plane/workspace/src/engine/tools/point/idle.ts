import { addShape } from '../../commands/objects';
import type { ToolState } from '../tool';

/** One click, one point. */
export const pointIdle: ToolState = {
  path: 'point.idle',
  hint: () => 'point',
  pointerDown(ws, pointer) {
    addShape(ws, 'point', [ws.snapped(pointer)]);
    return undefined;
  },
};
