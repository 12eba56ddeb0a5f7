import { distance, type ImagePoint } from '../../geometry';
import type { ToolState } from '../tool';
import { selectIdle } from './idle';
import { moving } from './moving';

/** A shape is pressed: it moves once the pointer goes far enough, else it was a click. */
export const pointing = (id: string, from: ImagePoint, narrows: boolean): ToolState => ({
  path: 'select.pointing',
  hint: ws => ws.readOnly ? 'readOnly' : 'select',
  gesture: true,
  pointerMove: (ws, pointer) => distance(from, pointer.at) > pointer.reach / 2 && ws.movable().length > 0 ? moving(from).pointerMove?.(ws, pointer) : undefined,
  pointerUp(ws) {
    // A click on one of several selected shapes means that one.
    if (narrows) ws.select([id]);
    return selectIdle;
  },
  cancel: () => selectIdle,
});
