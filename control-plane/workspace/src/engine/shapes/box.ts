import { imagePoint, rectHolds, rectWithin, roundPixels, type ImagePoint } from '../geometry';
import type { BoxGeometry } from '../model/geometry';
import type { Handle, ShapeKind } from './shapeKind';

/** The eight handles, clockwise from the top-left corner: which side each moves, and how. */
const sides = [
  { x: 0, y: 0, way: 'nwse' }, { x: 0.5, y: 0, way: 'ns' }, { x: 1, y: 0, way: 'nesw' }, { x: 1, y: 0.5, way: 'ew' },
  { x: 1, y: 1, way: 'nwse' }, { x: 0.5, y: 1, way: 'ns' }, { x: 0, y: 1, way: 'nesw' }, { x: 0, y: 0.5, way: 'ew' },
] as const;

/** The box between two corners, whichever way they were drawn. */
function between(ax: number, ay: number, bx: number, by: number): BoxGeometry {
  const x = roundPixels(Math.min(ax, bx));
  const y = roundPixels(Math.min(ay, by));
  return { x, y, w: roundPixels(Math.max(ax, bx) - x), h: roundPixels(Math.max(ay, by) - y) };
}

export const box: ShapeKind<BoxGeometry> = {
  filled: true,
  bounds: geometry => geometry,
  hits: (geometry, at, reach) => rectHolds({ x: geometry.x - reach / 2, y: geometry.y - reach / 2, w: geometry.w + reach, h: geometry.h + reach }, at),
  handles: ({ x, y, w, h }) => sides.map((side): Handle => ({
    at: imagePoint(x + side.x * w, y + side.y * h), role: side.x === 0.5 || side.y === 0.5 ? 'side' : 'corner', way: side.way,
  })),
  moved: (g, dx, dy) => ({ ...g, x: roundPixels(g.x + dx), y: roundPixels(g.y + dy) }),
  withHandle: (g, handle, to) => {
    const side = sides[handle];
    if (!side) return g;
    // What is across stays where it is; the box may be turned inside out.
    const [ax, bx] = side.x === 0 ? [to.x, g.x + g.w] : side.x === 1 ? [g.x, to.x] : [g.x, g.x + g.w];
    const [ay, by] = side.y === 0 ? [to.y, g.y + g.h] : side.y === 1 ? [g.y, to.y] : [g.y, g.y + g.h];
    return between(ax, ay, bx, by);
  },
  fromPoints: ([a, b]) => {
    const made = a && b && between(a.x, a.y, b.x, b.y);
    return made && made.w > 0 && made.h > 0 ? made : undefined;
  },
  fault: (g, picture) => g.w <= 0 || g.h <= 0 ? 'flat' : rectWithin(g, picture) ? undefined : 'outside',
  trace: ({ x, y, w, h }, pen, { scale, left, top }) => pen.rect(left + x * scale, top + y * scale, w * scale, h * scale),
};

/** The handle that is the same corner after the box was turned inside out by dragging `handle` to `to`. */
export function handleAfter(geometry: BoxGeometry, handle: number, to: ImagePoint): number {
  const side = sides[handle];
  if (!side) return handle;
  const flip = (own: number, at: number, size: number, moved: number) => own === 0.5 ? own : moved > at + size ? (own === 0 ? 1 : own) : moved < at ? (own === 1 ? 0 : own) : own;
  const x = flip(side.x, geometry.x, geometry.w, to.x);
  const y = flip(side.y, geometry.y, geometry.h, to.y);
  return sides.findIndex(one => one.x === x && one.y === y);
}
