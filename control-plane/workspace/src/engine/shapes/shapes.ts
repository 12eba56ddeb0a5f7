import { distance, imagePoint, nearestOnSegment, rectAround, rectHolds, ringHolds, roundPixels, type ImagePoint, type Position, type Rect } from '../geometry';
import type { BoxGeometry, Geometry, PointGeometry, PolygonGeometry, PolylineGeometry } from '../model/geometry';
import type { ToolKind } from '../model/ontology';

/** Kinds that can be drawn and changed on a picture today; others are kept as they are. */
export type DrawnKind = 'box' | 'polygon' | 'polyline' | 'point';
export const isDrawn = (kind: ToolKind | undefined): kind is DrawnKind => kind === 'box' || kind === 'polygon' || kind === 'polyline' || kind === 'point';

/** Everything that the editor needs to know of a kind of shape. */
export interface ShapeKind<G> {
  bounds(geometry: G): Rect;
  hits(geometry: G, at: ImagePoint, reach: number): boolean;
  handles(geometry: G): readonly ImagePoint[];
  moved(geometry: G, dx: number, dy: number): G;
  withHandle(geometry: G, handle: number, to: ImagePoint): G;
  /** What is drawn by these points so far, or nothing while there are too few. */
  fromPoints(points: readonly ImagePoint[]): G | undefined;
}

const round = (at: ImagePoint): Position => [roundPixels(at.x), roundPixels(at.y)];
const shifted = (points: readonly Position[], dx: number, dy: number): Position[] => points.map(([x, y]) => [roundPixels(x + dx), roundPixels(y + dy)]);
const near = (points: readonly Position[], closed: boolean, at: ImagePoint, reach: number): boolean =>
  points.some((point, i) => {
    const next = points[i + 1] ?? (closed ? points[0] : undefined);
    return next !== undefined && nearestOnSegment(at, point, next).distance <= reach;
  });
const ringsOf = (geometry: PolygonGeometry): readonly (readonly Position[])[] => 'rings' in geometry ? geometry.rings : geometry.parts.flat();

const box: ShapeKind<BoxGeometry> = {
  bounds: geometry => geometry,
  hits: (geometry, at) => rectHolds(geometry, at),
  handles: ({ x, y, w, h }) => [imagePoint(x, y), imagePoint(x + w, y), imagePoint(x + w, y + h), imagePoint(x, y + h)],
  moved: (g, dx, dy) => ({ ...g, x: roundPixels(g.x + dx), y: roundPixels(g.y + dy) }),
  withHandle: (g, handle, to) => {
    // The corner across stays where it is.
    const across = box.handles(g)[(handle + 2) % 4] ?? to;
    return corners(across, to);
  },
  fromPoints: ([a, b]) => a && b && a.x !== b.x && a.y !== b.y ? corners(a, b) : undefined,
};

function corners(a: ImagePoint, b: ImagePoint): BoxGeometry {
  const x = roundPixels(Math.min(a.x, b.x));
  const y = roundPixels(Math.min(a.y, b.y));
  return { x, y, w: roundPixels(Math.max(a.x, b.x) - x), h: roundPixels(Math.max(a.y, b.y) - y) };
}

const polygon: ShapeKind<PolygonGeometry> = {
  bounds: geometry => rectAround(ringsOf(geometry).flat()),
  hits: (geometry, at, reach) => {
    const rings = ringsOf(geometry);
    // Even and odd: a hole is not hit, its border is.
    return rings.filter(ring => ringHolds(ring, at)).length % 2 === 1 || rings.some(ring => near(ring, true, at, reach));
  },
  handles: geometry => ringsOf(geometry).flat().map(([x, y]) => imagePoint(x, y)),
  moved: (g, dx, dy) => 'rings' in g ? { rings: g.rings.map(ring => shifted(ring, dx, dy)) } : { parts: g.parts.map(part => part.map(ring => shifted(ring, dx, dy))) },
  withHandle: (g, handle, to) => {
    let at = 0;
    const change = (ring: readonly Position[]): Position[] => ring.map(point => at++ === handle ? round(to) : point);
    return 'rings' in g ? { rings: g.rings.map(change) } : { parts: g.parts.map(part => part.map(change)) };
  },
  fromPoints: points => points.length >= 3 ? { rings: [points.map(round)] } : undefined,
};

const polyline: ShapeKind<PolylineGeometry> = {
  bounds: geometry => rectAround(geometry.points),
  hits: (geometry, at, reach) => near(geometry.points, false, at, reach),
  handles: geometry => geometry.points.map(([x, y]) => imagePoint(x, y)),
  moved: (g, dx, dy) => ({ points: shifted(g.points, dx, dy) }),
  withHandle: (g, handle, to) => ({ points: g.points.map((point, i) => i === handle ? round(to) : point) }),
  fromPoints: points => points.length >= 2 ? { points: points.map(round) } : undefined,
};

const point: ShapeKind<PointGeometry> = {
  bounds: ({ x, y }) => ({ x, y, w: 0, h: 0 }),
  hits: (geometry, at, reach) => distance(imagePoint(geometry.x, geometry.y), at) <= reach * 1.5,
  handles: ({ x, y }) => [imagePoint(x, y)],
  moved: ({ x, y }, dx, dy) => ({ x: roundPixels(x + dx), y: roundPixels(y + dy) }),
  withHandle: (_, __, to) => ({ x: roundPixels(to.x), y: roundPixels(to.y) }),
  fromPoints: ([a]) => a && { x: roundPixels(a.x), y: roundPixels(a.y) },
};

const kinds = { box, polygon, polyline, point } as const;

/** The record of a kind; the geometry's form is said by the kind of its tool. */
export const shapeKind = (kind: DrawnKind): ShapeKind<Geometry> => kinds[kind] as unknown as ShapeKind<Geometry>;
