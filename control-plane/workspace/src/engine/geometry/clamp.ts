import { imagePoint, type ImagePoint } from './point';
import type { Rect, Size } from './rect';

export const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** The nearest point within the picture; the point itself while the picture's size is unknown. */
export const clampPoint = (point: ImagePoint, picture: Size | null): ImagePoint =>
  picture ? imagePoint(clamp(point.x, 0, picture.width), clamp(point.y, 0, picture.height)) : point;

/** The nearest move that keeps `bounds` within the picture. What already stands outside may stay, but goes no further. */
export function clampMove(bounds: Rect, dx: number, dy: number, picture: Size | null): { dx: number; dy: number } {
  if (!picture) return { dx, dy };
  return {
    dx: clamp(dx, Math.min(0, -bounds.x), Math.max(0, picture.width - bounds.x - bounds.w)),
    dy: clamp(dy, Math.min(0, -bounds.y), Math.max(0, picture.height - bounds.y - bounds.h)),
  };
}
