import { imagePoint, type ImagePoint } from './point';

/** An upright rectangle in picture pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The rectangle between two opposite corners, whichever way they were drawn. */
export const rectBetween = (a: { x: number; y: number }, b: { x: number; y: number }): Rect => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  w: Math.abs(a.x - b.x),
  h: Math.abs(a.y - b.y),
});

/** The smallest rectangle around positions; empty when there are none. */
export function rectAround(positions: Iterable<readonly [number, number]>): Rect {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (const [x, y] of positions) {
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return left > right ? { x: 0, y: 0, w: 0, h: 0 } : { x: left, y: top, w: right - left, h: bottom - top };
}

/** The smallest rectangle around rectangles; `null` when there are none. */
export function rectUnion(rects: Iterable<Rect>): Rect | null {
  let union: Rect | null = null;
  for (const rect of rects) {
    if (!union) {
      union = rect;
      continue;
    }
    const x = Math.min(union.x, rect.x);
    const y = Math.min(union.y, rect.y);
    union = {
      x,
      y,
      w: Math.max(union.x + union.w, rect.x + rect.w) - x,
      h: Math.max(union.y + union.h, rect.y + rect.h) - y,
    };
  }
  return union;
}

export const rectGrown = (rect: Rect, by: number): Rect => ({
  x: rect.x - by,
  y: rect.y - by,
  w: rect.w + 2 * by,
  h: rect.h + 2 * by,
});

/** True when they share at least a border point. */
export const rectsTouch = (a: Rect, b: Rect): boolean =>
  a.x <= b.x + b.w && b.x <= a.x + a.w && a.y <= b.y + b.h && b.y <= a.y + a.h;

export const rectHolds = (rect: Rect, point: { x: number; y: number }): boolean =>
  point.x >= rect.x && point.x <= rect.x + rect.w && point.y >= rect.y && point.y <= rect.y + rect.h;

export const rectCentre = (rect: Rect): ImagePoint => imagePoint(rect.x + rect.w / 2, rect.y + rect.h / 2);

/** True when no part of it is outside the picture. */
export const rectWithin = (rect: Rect, picture: Size): boolean =>
  rect.x >= 0 && rect.y >= 0 && rect.x + rect.w <= picture.width && rect.y + rect.h <= picture.height;
