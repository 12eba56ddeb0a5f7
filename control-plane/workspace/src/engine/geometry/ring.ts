import { nearestOnSegment, segmentsMeet, type Position } from './segment';

/** A closed line; the last position joins the first and isn't repeated. */
export type Ring = readonly Position[];

/** The edges of a closed ring, or of an open line. */
export function* edgesOf(positions: readonly Position[], closed: boolean): Generator<readonly [Position, Position, number]> {
  for (let i = 0; i + 1 < positions.length; i++) {
    const a = positions[i];
    const b = positions[i + 1];
    if (a && b) yield [a, b, i];
  }
  const last = positions.at(-1);
  const first = positions[0];
  if (closed && positions.length > 2 && last && first) yield [last, first, positions.length - 1];
}

/** The area with its sign, positive when the ring runs clockwise on the screen. */
export function signedArea(ring: Ring): number {
  let twice = 0;
  for (const [a, b] of edgesOf(ring, true)) twice += a[0] * b[1] - b[0] * a[1];
  return twice / 2;
}

/** Even-odd: true when the point is inside the ring. */
export function ringHolds(ring: Ring, p: { x: number; y: number }): boolean {
  let inside = false;
  for (const [a, b] of edgesOf(ring, true)) {
    if (a[1] > p.y !== b[1] > p.y && p.x < ((b[0] - a[0]) * (p.y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}

/** How far the point is from the line, and the index of the nearest edge. */
export function nearestEdge(
  positions: readonly Position[], closed: boolean, p: { x: number; y: number },
): { edge: number; distance: number; x: number; y: number } {
  let best = { edge: -1, distance: Infinity, x: p.x, y: p.y };
  for (const [a, b, edge] of edgesOf(positions, closed)) {
    const near = nearestOnSegment(p, a, b);
    if (near.distance < best.distance) best = { edge, ...near };
  }
  return best;
}

interface Edge {
  readonly a: Position;
  readonly b: Position;
  readonly ring: number;
  readonly index: number;
  readonly left: number;
  readonly right: number;
}

const same = (a: Position, b: Position): boolean => a[0] === b[0] && a[1] === b[1];

/**
 * True when no two edges of these rings meet, except neighbours at the corner they share.
 * Edges are swept by their left end, so that rings of thousands of corners stay quick.
 */
export function ringsAreSimple(rings: readonly Ring[]): boolean {
  const edges: Edge[] = [];
  rings.forEach((ring, r) => {
    for (const [a, b, index] of edgesOf(ring, true)) {
      edges.push({ a, b, ring: r, index, left: Math.min(a[0], b[0]), right: Math.max(a[0], b[0]) });
    }
  });
  edges.sort((e, f) => e.left - f.left);
  let open: Edge[] = [];
  for (const edge of edges) {
    open = open.filter(other => other.right >= edge.left);
    for (const other of open) if (edgesCross(edge, other, rings)) return false;
    open.push(edge);
  }
  return true;
}

function edgesCross(e: Edge, f: Edge, rings: readonly Ring[]): boolean {
  if (!segmentsMeet(e.a, e.b, f.a, f.b)) return false;
  if (e.ring !== f.ring) return true;
  const count = rings[e.ring]?.length ?? 0;
  const follows = (e.index + 1) % count === f.index;
  const precedes = (f.index + 1) % count === e.index;
  if (!follows && !precedes) return true;
  // Neighbours share one corner; more than that means that the line turns back on itself.
  const [first, second] = follows ? [e, f] : [f, e];
  if (same(first.a, first.b) || same(second.a, second.b)) return true;
  const cross = (first.b[0] - first.a[0]) * (second.b[1] - second.a[1]) - (first.b[1] - first.a[1]) * (second.b[0] - second.a[0]);
  const dot = (first.b[0] - first.a[0]) * (second.b[0] - second.a[0]) + (first.b[1] - first.a[1]) * (second.b[1] - second.a[1]);
  return cross === 0 && dot < 0;
}
