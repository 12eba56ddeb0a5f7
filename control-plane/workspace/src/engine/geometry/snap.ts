import { clampMove, clampPoint } from './clamp';
import { imagePoint, type ImagePoint } from './point';
import type { Rect, Size } from './rect';

const toEdge = (value: number, most: number, reach: number): number =>
  Math.abs(value) <= reach ? 0 : Math.abs(value - most) <= reach ? most : value;

/** Within the picture, and on its edge when that is within reach. */
export function snapPoint(point: ImagePoint, picture: Size, reach: number): ImagePoint {
  const inside = clampPoint(point, picture);
  return imagePoint(toEdge(inside.x, picture.width, reach), toEdge(inside.y, picture.height, reach));
}

/** A move that stays within the picture and ends on its edge when that is within reach. */
export function snapMove(bounds: Rect, dx: number, dy: number, picture: Size, reach: number): { dx: number; dy: number } {
  const along = (from: number, size: number, by: number, most: number): number => {
    if (Math.abs(from + by) <= reach) return -from;
    return Math.abs(from + size + by - most) <= reach ? most - size - from : by;
  };
  return clampMove(bounds, along(bounds.x, bounds.w, dx, picture.width), along(bounds.y, bounds.h, dy, picture.height), picture);
}
