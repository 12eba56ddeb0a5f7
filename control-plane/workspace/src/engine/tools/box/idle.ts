import type { ToolState } from '../tool';
import { boxDrawing } from './drawing';

/** Waits for the first corner. */
export const boxIdle: ToolState = {
  path: 'box.idle',
  hint: () => 'box.first',
  pointerDown: (ws, pointer) => boxDrawing(ws.snapped(pointer)),
};
