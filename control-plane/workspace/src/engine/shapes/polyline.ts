import { imagePoint, nearestEdge, rectAround, rectWithin, roundPixels } from '../geometry';
import type { PolylineGeometry } from '../model/geometry';
import { middles, position, shifted, traceLine } from './positions';
import type { Handle, ShapeKind } from './shapeKind';

export const polyline: ShapeKind<PolylineGeometry> = {
  filled: false,
  bounds: geometry => rectAround(geometry.points),
  hits: (geometry, at, reach) => nearestEdge(geometry.points, false, at).distance <= reach,
  handles: ({ points }) => [...points.map(([x, y]): Handle => ({ at: imagePoint(x, y), role: 'vertex' })), ...middles(points, false)],
  moved: (g, dx, dy) => ({ points: shifted(g.points, dx, dy) }),
  withHandle: (g, handle, to) => ({ points: g.points.map((one, i) => i === handle ? position(to) : one) }),
  withVertex: (g, at) => {
    const near = nearestEdge(g.points, false, at);
    if (near.edge < 0) return undefined;
    return { geometry: { points: g.points.toSpliced(near.edge + 1, 0, [roundPixels(near.x), roundPixels(near.y)]) }, handle: near.edge + 1, distance: near.distance };
  },
  withoutVertex: (g, handle) => g.points.length > 2 && handle < g.points.length ? { points: g.points.toSpliced(handle, 1) } : undefined,
  fromPoints: points => points.length >= 2 ? { points: points.map(position) } : undefined,
  fault: (g, picture) => g.points.length < 2 ? 'few' : rectWithin(rectAround(g.points), picture) ? undefined : 'outside',
  trace: (g, pen, view) => traceLine(g.points, false, pen, view),
};
