import { edgesOf, imagePoint, roundPixels, type ImagePoint, type Position } from '../geometry';
import type { View } from '../view/view';
import type { Handle, Pen } from './shapeKind';

/** As a label document writes a point. */
export const position = (at: ImagePoint): Position => [roundPixels(at.x), roundPixels(at.y)];

export const shifted = (points: readonly Position[], dx: number, dy: number): Position[] =>
  points.map(([x, y]) => [roundPixels(x + dx), roundPixels(y + dy)]);

/** A handle in the middle of each edge. */
export const middles = (points: readonly Position[], closed: boolean): Handle[] =>
  [...edgesOf(points, closed)].map(([a, b]) => ({ at: imagePoint((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), role: 'middle' }));

export function traceLine(points: readonly Position[], closed: boolean, pen: Pen, { scale, left, top }: View, backwards = false): void {
  for (let i = 0; i < points.length; i++) {
    const at = points[backwards ? points.length - 1 - i : i];
    if (!at) continue;
    if (i === 0) pen.moveTo(left + at[0] * scale, top + at[1] * scale);
    else pen.lineTo(left + at[0] * scale, top + at[1] * scale);
  }
  if (closed) pen.closePath();
}
