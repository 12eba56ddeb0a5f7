import { keptView, screenPoint, visibleRect, type Workspace } from '../engine';

const most = { width: 176, height: 120 };

/** The whole picture in small, with what is seen of it. Shown only while something of the picture is not. */
export class Minimap {
  readonly canvas = document.createElement('canvas');
  readonly #thumbnail: OffscreenCanvas;
  readonly #scale: number;
  #shown = '';

  constructor(readonly workspace: Workspace, readonly bitmap: ImageBitmap) {
    this.#scale = Math.min(most.width / bitmap.width, most.height / bitmap.height);
    const width = Math.max(8, Math.round(bitmap.width * this.#scale));
    const height = Math.max(8, Math.round(bitmap.height * this.#scale));
    this.#thumbnail = new OffscreenCanvas(width * 2, height * 2);
    const brush = this.#thumbnail.getContext('2d');
    if (brush) {
      brush.imageSmoothingQuality = 'high';
      brush.drawImage(bitmap, 0, 0, width * 2, height * 2);
    }
    // It only repeats what keys and pointer do on the stage.
    this.canvas.setAttribute('aria-hidden', 'true');
    this.canvas.hidden = true;
    this.canvas.width = width * 2;
    this.canvas.height = height * 2;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.canvas.addEventListener('pointerdown', event => {
      this.canvas.setPointerCapture(event.pointerId);
      this.#lookAt(event);
    });
    this.canvas.addEventListener('pointermove', event => {
      if (event.buttons === 1) this.#lookAt(event);
    });
  }

  paint(filter: string): void {
    const { view, stage } = this.workspace.state;
    const { width, height } = this.workspace.size;
    const seen = visibleRect(view, stage);
    const whole = seen.x <= 0 && seen.y <= 0 && seen.x + seen.w >= width && seen.y + seen.h >= height;
    this.canvas.hidden = whole;
    const now = `${seen.x} ${seen.y} ${seen.w} ${filter}`;
    if (whole || now === this.#shown) return;
    this.#shown = now;
    const brush = this.canvas.getContext('2d');
    if (!brush) return;
    const across = this.canvas.width / width;
    const down = this.canvas.height / height;
    brush.filter = filter;
    brush.drawImage(this.#thumbnail, 0, 0);
    brush.filter = 'none';
    const x = Math.max(0, seen.x * across);
    const y = Math.max(0, seen.y * down);
    const w = Math.min(this.canvas.width, (seen.x + seen.w) * across) - x;
    const h = Math.min(this.canvas.height, (seen.y + seen.h) * down) - y;
    brush.fillStyle = 'rgb(0 0 0 / 0.3)';
    brush.beginPath();
    brush.rect(0, 0, this.canvas.width, this.canvas.height);
    brush.rect(x, y, w, h);
    brush.fill('evenodd');
    brush.lineWidth = 3;
    brush.strokeStyle = '#fff';
    brush.strokeRect(x + 1.5, y + 1.5, Math.max(1, w - 3), Math.max(1, h - 3));
  }

  #lookAt(event: PointerEvent): void {
    const { view, stage } = this.workspace.state;
    const at = screenPoint((event.offsetX / this.canvas.clientWidth) * this.workspace.size.width, (event.offsetY / this.canvas.clientHeight) * this.workspace.size.height);
    this.workspace.look(keptView({ scale: view.scale, left: stage.width / 2 - at.x * view.scale, top: stage.height / 2 - at.y * view.scale }, this.workspace.size, stage));
  }
}
