import type { ToolState } from '../tool';
import { placing } from './placing';

/** Polygon and polyline are one gesture, closed or open. This waits for the first point. */
export const outlineIdle = (kind: 'polygon' | 'polyline'): ToolState => ({
  path: `${kind}.idle`,
  hint: () => `${kind}.first`,
  pointerDown: (ws, pointer) => placing(kind, [ws.snapped(pointer)], []),
});
