import { clamp, imagePoint, screenPoint, type ImagePoint, type Rect, type ScreenPoint, type Size } from '../geometry';

/** How the picture stands on the stage: CSS pixels a picture pixel, and where its top-left corner is. */
export interface View {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

export const leastScale = 0.01;
export const mostScale = 64;
/** So much of the picture stays on the stage however far it is pushed. */
const keptPixels = 48;

export const toScreen = (view: View, at: ImagePoint): ScreenPoint => screenPoint(view.left + at.x * view.scale, view.top + at.y * view.scale);
export const toImage = (view: View, at: ScreenPoint): ImagePoint => imagePoint((at.x - view.left) / view.scale, (at.y - view.top) / view.scale);

/** The whole picture in the middle of the stage. */
export function fittedView(picture: Size, stage: Size, margin = 16): View {
  const room = { width: Math.max(1, stage.width - 2 * margin), height: Math.max(1, stage.height - 2 * margin) };
  const scale = clamp(Math.min(room.width / picture.width, room.height / picture.height), leastScale, mostScale);
  return { scale, left: (stage.width - picture.width * scale) / 2, top: (stage.height - picture.height * scale) / 2 };
}

/** Another scale; the point under `at` stays where it is. */
export function zoomedAt(view: View, at: ScreenPoint, scale: number): View {
  const next = clamp(scale, leastScale, mostScale);
  const factor = next / view.scale;
  return { scale: next, left: at.x - (at.x - view.left) * factor, top: at.y - (at.y - view.top) * factor };
}

export const pannedView = (view: View, dx: number, dy: number): View => ({ ...view, left: view.left + dx, top: view.top + dy });

/** The nearest view that still shows some of the picture. */
export function keptView(view: View, picture: Size, stage: Size): View {
  const width = picture.width * view.scale;
  const height = picture.height * view.scale;
  const kept = Math.min(keptPixels, width, height);
  return { ...view, left: clamp(view.left, kept - width, stage.width - kept), top: clamp(view.top, kept - height, stage.height - kept) };
}

/** The part of the plane that the stage shows, in picture pixels. */
export const visibleRect = (view: View, stage: Size): Rect => ({
  x: -view.left / view.scale, y: -view.top / view.scale, w: stage.width / view.scale, h: stage.height / view.scale,
});

/** The view moved as little as needed for a rectangle to be seen, with a margin around it; the scale stays unless it does not fit. */
export function revealing(view: View, rect: Rect, stage: Size, margin = 32): View {
  const scale = Math.min(view.scale, Math.max(leastScale, Math.min((stage.width - 2 * margin) / Math.max(rect.w, 1), (stage.height - 2 * margin) / Math.max(rect.h, 1))));
  const zoomed = scale === view.scale ? view : zoomedAt(view, screenPoint(stage.width / 2, stage.height / 2), scale);
  const left = zoomed.left + rect.x * scale;
  const top = zoomed.top + rect.y * scale;
  const dx = left < margin ? margin - left : Math.min(0, stage.width - margin - left - rect.w * scale);
  const dy = top < margin ? margin - top : Math.min(0, stage.height - margin - top - rect.h * scale);
  return dx === 0 && dy === 0 && zoomed === view ? view : pannedView(zoomed, dx, dy);
}
