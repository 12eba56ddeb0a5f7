import type { DrawnKind } from '../shapes';
import { boxIdle } from './box/idle';
import { outlineIdle } from './outline/idle';
import { pointIdle } from './point/idle';
import { selectIdle } from './select/idle';
import type { ToolState } from './tool';

export type * from './tool';

const polygonIdle = outlineIdle('polygon');
const polylineIdle = outlineIdle('polyline');

/** The state that a tool begins in; unset: the select tool. */
export function firstState(kind: DrawnKind | undefined): ToolState {
  switch (kind) {
    case 'box': return boxIdle;
    case 'polygon': return polygonIdle;
    case 'polyline': return polylineIdle;
    case 'point': return pointIdle;
    default: return selectIdle;
  }
}
