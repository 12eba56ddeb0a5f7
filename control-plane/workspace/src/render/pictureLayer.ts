import { visibleRect, type Size, type View } from '../engine';
import type { Brush } from './paint';

/** A smaller copy at rest is made for scales below this: so that panning copies pixels and need not scale them. */
const copiedBelow = 0.75;

/** The picture itself. Zoomed in, only what is seen is drawn; zoomed out, a copy of the right size. */
export class PictureLayer {
  #copy: { readonly canvas: OffscreenCanvas; readonly scale: number } | undefined;

  constructor(readonly bitmap: ImageBitmap) {}

  /** `atRest`: nothing moves, so that there is time for the better scaling. False when the picture could not be painted. */
  paint(brush: Brush, view: View, stage: Size, ratio: number, atRest: boolean): boolean {
    const { bitmap } = this;
    // A bitmap that was given back has no size: its task is over.
    if (bitmap.width === 0) return true;
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    brush.clearRect(0, 0, stage.width, stage.height);
    const scale = view.scale * ratio;
    try {
      if (scale < copiedBelow && atRest && this.#copy?.scale !== scale) this.#copyAt(scale);
      const copy = this.#copy;
      if (copy && scale < copiedBelow && copy.scale >= scale * 0.5) {
        brush.imageSmoothingEnabled = copy.scale !== scale;
        const snap = (value: number) => Math.round(value * ratio) / ratio;
        brush.drawImage(copy.canvas, snap(view.left), snap(view.top), bitmap.width * view.scale, bitmap.height * view.scale);
        return true;
      }
      const seen = visibleRect(view, stage);
      const x = Math.max(0, Math.floor(seen.x));
      const y = Math.max(0, Math.floor(seen.y));
      const w = Math.min(bitmap.width, Math.ceil(seen.x + seen.w)) - x;
      const h = Math.min(bitmap.height, Math.ceil(seen.y + seen.h)) - y;
      if (w <= 0 || h <= 0) return true;
      // Pixels are shown as what they are once they are large.
      brush.imageSmoothingEnabled = view.scale < 4;
      brush.drawImage(bitmap, x, y, w, h, view.left + x * view.scale, view.top + y * view.scale, w * view.scale, h * view.scale);
      return true;
    } catch {
      return false;
    }
  }

  #copyAt(scale: number): void {
    const width = Math.max(1, Math.round(this.bitmap.width * scale));
    const height = Math.max(1, Math.round(this.bitmap.height * scale));
    const canvas = new OffscreenCanvas(width, height);
    const brush = canvas.getContext('2d', { alpha: true });
    if (!brush) return;
    brush.imageSmoothingQuality = 'high';
    brush.drawImage(this.bitmap, 0, 0, width, height);
    this.#copy = { canvas, scale };
  }
}

/** How the picture is looked at; the shapes stay as they are. 1 is the picture itself. */
export interface ViewFilters {
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly invert: boolean;
}

export const noFilters: ViewFilters = { brightness: 1, contrast: 1, saturation: 1, invert: false };

/** As a CSS filter; `none` when nothing is changed, so that nothing is computed. */
export function cssFilter({ brightness, contrast, saturation, invert }: ViewFilters): string {
  const parts = [
    brightness !== 1 && `brightness(${brightness})`, contrast !== 1 && `contrast(${contrast})`, saturation !== 1 && `saturate(${saturation})`, invert && 'invert(1)',
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' ') : 'none';
}
