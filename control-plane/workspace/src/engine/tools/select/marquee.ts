import { distance, rectBetween } from '../../geometry';
import type { Pointer, ToolState } from '../tool';
import { selectIdle } from './idle';

/** A rectangle over empty ground selects what lies wholly within it; Shift adds to what was selected. A click selects nothing. */
export const marquee = (from: Pointer, before: ReadonlySet<string>): ToolState => ({
  path: 'select.marquee',
  hint: ws => ws.readOnly ? 'readOnly' : 'select.marquee',
  gesture: true,
  marquee: from.at,
  pointerUp(ws, pointer) {
    const found = distance(from.at, pointer.at) > pointer.reach / 2 ? ws.objectsInside(rectBetween(from.at, pointer.at)).map(object => object.id) : [];
    ws.select(from.shift ? new Set([...before, ...found]) : found);
    return selectIdle;
  },
  cancel: () => selectIdle,
});
