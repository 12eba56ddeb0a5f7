import { imagePoint, nearestEdge, rectAround, rectWithin, ringHolds, ringsAreSimple, roundPixels, signedArea, type Position, type Ring } from '../geometry';
import type { PolygonGeometry } from '../model/geometry';
import { middles, position, shifted, traceLine } from './positions';
import type { Handle, ShapeKind } from './shapeKind';

const partsOf = (geometry: PolygonGeometry): readonly (readonly Ring[])[] => 'rings' in geometry ? [geometry.rings] : geometry.parts;
const ringsOf = (geometry: PolygonGeometry): readonly Ring[] => partsOf(geometry).flat();

/** The same geometry with each ring changed; the index counts through all parts. */
function withRings(geometry: PolygonGeometry, change: (ring: Ring, index: number) => Ring): PolygonGeometry {
  let at = 0;
  const each = (rings: readonly Ring[]) => rings.map(ring => change(ring, at++));
  return 'rings' in geometry ? { rings: each(geometry.rings) } : { parts: geometry.parts.map(each) };
}

/** Which ring a vertex handle belongs to, and which corner of it. */
function cornerOf(geometry: PolygonGeometry, handle: number): { ring: number; corner: number; rings: readonly Ring[] } | undefined {
  const rings = ringsOf(geometry);
  let rest = handle;
  for (const [ring, corners] of rings.entries()) {
    if (rest < corners.length) return { ring, corner: rest, rings };
    rest -= corners.length;
  }
  return undefined;
}

export const polygon: ShapeKind<PolygonGeometry> = {
  filled: true,
  bounds: geometry => rectAround(ringsOf(geometry).flat()),
  hits: (geometry, at, reach) => {
    const rings = ringsOf(geometry);
    // Even and odd: a hole is not hit, its border is.
    return rings.filter(ring => ringHolds(ring, at)).length % 2 === 1 || rings.some(ring => nearestEdge(ring, true, at).distance <= reach / 2);
  },
  handles: geometry => {
    const rings = ringsOf(geometry);
    return [...rings.flat().map(([x, y]): Handle => ({ at: imagePoint(x, y), role: 'vertex' })), ...rings.flatMap(ring => middles(ring, true))];
  },
  moved: (g, dx, dy) => withRings(g, ring => shifted(ring, dx, dy)),
  withHandle: (g, handle, to) => {
    const place = cornerOf(g, handle);
    return place ? withRings(g, (ring, i) => i === place.ring ? ring.map((one, k) => k === place.corner ? position(to) : one) : ring) : g;
  },
  withVertex: (g, at) => {
    let best = { ring: -1, edge: -1, distance: Infinity, x: 0, y: 0, before: 0 };
    let before = 0;
    for (const [ring, corners] of ringsOf(g).entries()) {
      const near = nearestEdge(corners, true, at);
      if (near.distance < best.distance) best = { ...near, ring, before };
      before += corners.length;
    }
    if (best.edge < 0) return undefined;
    const place: Position = [roundPixels(best.x), roundPixels(best.y)];
    return {
      geometry: withRings(g, (ring, i) => i === best.ring ? ring.toSpliced(best.edge + 1, 0, place) : ring),
      handle: best.before + best.edge + 1,
      distance: best.distance,
    };
  },
  withoutVertex: (g, handle) => {
    const place = cornerOf(g, handle);
    if (!place || (place.rings[place.ring]?.length ?? 0) <= 3) return undefined;
    return withRings(g, (ring, i) => i === place.ring ? ring.toSpliced(place.corner, 1) : ring);
  },
  fromPoints: points => points.length >= 3 ? { rings: [points.map(position)] } : undefined,
  fault: (g, picture) => {
    const rings = ringsOf(g);
    if (rings.length === 0 || rings.some(ring => ring.length < 3)) return 'few';
    if (!rectWithin(polygon.bounds(g), picture)) return 'outside';
    if (partsOf(g).some(part => !ringsAreSimple(part))) return 'crossing';
    return rings.some(ring => signedArea(ring) === 0) ? 'flat' : undefined;
  },
  trace: (g, pen, view) => {
    for (const part of partsOf(g)) {
      part.forEach((ring, i) => traceLine(ring, true, pen, view, signedArea(ring) < 0 === (i === 0)));
    }
  },
};
