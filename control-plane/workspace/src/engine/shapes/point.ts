import { distance, imagePoint, rectWithin, roundPixels } from '../geometry';
import type { PointGeometry } from '../model/geometry';
import { pointRadius, type ShapeKind } from './shapeKind';

export const point: ShapeKind<PointGeometry> = {
  filled: true,
  bounds: ({ x, y }) => ({ x, y, w: 0, h: 0 }),
  hits: ({ x, y }, at, reach) => distance(imagePoint(x, y), at) <= reach * 1.5,
  // The mark itself is what is dragged: a handle would only cover the place that it marks.
  handles: () => [],
  moved: ({ x, y }, dx, dy) => ({ x: roundPixels(x + dx), y: roundPixels(y + dy) }),
  withHandle: geometry => geometry,
  fromPoints: ([a]) => a && { x: roundPixels(a.x), y: roundPixels(a.y) },
  fault: ({ x, y }, picture) => rectWithin({ x, y, w: 0, h: 0 }, picture) ? undefined : 'outside',
  trace: ({ x, y }, pen, { scale, left, top }) => {
    pen.moveTo(left + x * scale + pointRadius, top + y * scale);
    pen.arc(left + x * scale, top + y * scale, pointRadius, 0, 2 * Math.PI);
  },
};
