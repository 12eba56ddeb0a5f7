import {
  imagePoint, isPrediction, shapeKind, type BoxGeometry, type DrawnKind, type Editor, type Geometry, type ImagePoint, type LabelObject, type PointGeometry, type PolygonGeometry, type PolylineGeometry, type Position,
} from '../engine';

/** Twelve colours that colour-blind people tell apart on photographs (Okabe–Ito and Tol, alternating light and dark). */
const palette = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7', '#88ccee', '#117733', '#ddcc77', '#aa4499', '#ffffff'] as const;
const reachPixels = 8;

export const colourOf = (editor: Editor, toolId: string): string =>
  editor.ontology.tool(toolId)?.color ?? palette[Math.max(0, editor.ontology.positionOf(toolId)) % palette.length] ?? palette[0];

/** Paints the picture and the editor's shapes, and turns the pointer into points of the picture. Draws a frame only when something changed. */
export class CanvasStage {
  readonly #canvas: HTMLCanvasElement;
  readonly #observer: ResizeObserver;
  readonly #unsubscribe: () => void;
  #scale = 1;
  #left = 0;
  #top = 0;
  #fitted = true;
  #frame = 0;
  #panFrom: { x: number; y: number } | undefined;
  #spaceHeld = false;

  constructor(readonly host: HTMLElement, readonly editor: Editor, readonly picture: ImageBitmap, label: string, readonly onZoom: (percent: number) => void) {
    this.#canvas = document.createElement('canvas');
    this.#canvas.tabIndex = 0;
    this.#canvas.setAttribute('role', 'application');
    this.#canvas.setAttribute('aria-label', label);
    this.#canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;touch-action:none;display:block';
    host.append(this.#canvas);
    this.#canvas.addEventListener('pointerdown', this.#down);
    this.#canvas.addEventListener('pointermove', this.#move);
    this.#canvas.addEventListener('pointerup', this.#up);
    this.#canvas.addEventListener('dblclick', () => this.editor.finish());
    this.#canvas.addEventListener('wheel', this.#wheel, { passive: false });
    this.#unsubscribe = editor.subscribe(() => this.#ask());
    this.#observer = new ResizeObserver(() => {
      if (this.#fitted) this.fit();
      this.#ask();
    });
    this.#observer.observe(host);
    this.fit();
  }

  destroy(): void {
    this.#unsubscribe();
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#canvas.remove();
  }

  focus(): void {
    this.#canvas.focus();
  }

  /** Space is held: dragging pans. */
  set panning(on: boolean) {
    this.#spaceHeld = on;
    this.#canvas.style.cursor = on ? 'grab' : '';
  }

  fit(): void {
    const { clientWidth: w, clientHeight: h } = this.host;
    const margin = 24;
    this.#scale = Math.max(0.01, Math.min((w - margin) / this.picture.width, (h - margin) / this.picture.height));
    this.#left = (w - this.picture.width * this.#scale) / 2;
    this.#top = (h - this.picture.height * this.#scale) / 2;
    this.#fitted = true;
    this.#zoomed();
  }

  fullSize(): void {
    this.#zoomAt(this.host.clientWidth / 2, this.host.clientHeight / 2, 1);
  }

  zoomBy(factor: number): void {
    this.#zoomAt(this.host.clientWidth / 2, this.host.clientHeight / 2, this.#scale * factor);
  }

  get #reach(): number {
    return reachPixels / this.#scale;
  }

  #zoomAt(x: number, y: number, scale: number): void {
    const next = Math.min(64, Math.max(0.02, scale));
    this.#left = x - ((x - this.#left) / this.#scale) * next;
    this.#top = y - ((y - this.#top) / this.#scale) * next;
    this.#scale = next;
    this.#fitted = false;
    this.#zoomed();
  }

  #zoomed(): void {
    this.onZoom(Math.round(this.#scale * 100));
    this.#ask();
  }

  #at(event: { offsetX: number; offsetY: number }): ImagePoint {
    return imagePoint((event.offsetX - this.#left) / this.#scale, (event.offsetY - this.#top) / this.#scale);
  }

  readonly #down = (event: PointerEvent): void => {
    this.#canvas.focus();
    this.#canvas.setPointerCapture(event.pointerId);
    if (event.button === 1 || this.#spaceHeld) {
      this.#panFrom = { x: event.offsetX - this.#left, y: event.offsetY - this.#top };
      event.preventDefault();
      return;
    }
    if (event.button === 0) this.editor.pointerDown(this.#at(event), this.#reach);
  };

  readonly #move = (event: PointerEvent): void => {
    if (this.#panFrom) {
      this.#left = event.offsetX - this.#panFrom.x;
      this.#top = event.offsetY - this.#panFrom.y;
      this.#fitted = false;
      this.#ask();
      return;
    }
    this.editor.pointerMove(this.#at(event));
  };

  readonly #up = (event: PointerEvent): void => {
    if (this.#panFrom) this.#panFrom = undefined;
    else if (event.button === 0) this.editor.pointerUp(this.#at(event), this.#reach);
  };

  readonly #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    this.#zoomAt(event.offsetX, event.offsetY, this.#scale * Math.exp(-event.deltaY * 0.0015));
  };

  #ask(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint(): void {
    const ratio = devicePixelRatio;
    const { clientWidth: w, clientHeight: h } = this.host;
    if (this.#canvas.width !== Math.round(w * ratio) || this.#canvas.height !== Math.round(h * ratio)) {
      this.#canvas.width = Math.round(w * ratio);
      this.#canvas.height = Math.round(h * ratio);
    }
    const pen = this.#canvas.getContext('2d');
    if (!pen) return;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, w, h);
    pen.imageSmoothingEnabled = this.#scale < 4;
    pen.drawImage(this.picture, this.#left, this.#top, this.picture.width * this.#scale, this.picture.height * this.#scale);
    const { document, selected, hidden } = this.editor.state;
    for (const object of document.objects) if (!hidden.has(object.id) && object.id !== selected) this.#object(pen, object, false);
    const chosen = document.objects.find(object => object.id === selected);
    if (chosen) this.#object(pen, chosen, true);
    this.#inHand(pen);
  }

  #object(pen: CanvasRenderingContext2D, object: LabelObject, selected: boolean): void {
    const kind = this.editor.kindOf(object);
    if (!kind) return;
    this.#shape(pen, kind, object.geometry, colourOf(this.editor, object.tool), selected, isPrediction(object));
    if (selected && !this.editor.readOnly) for (const handle of shapeKind(kind).handles(object.geometry)) this.#handle(pen, handle);
  }

  #shape(pen: CanvasRenderingContext2D, kind: DrawnKind, geometry: Geometry, colour: string, selected: boolean, dashed: boolean): void {
    const path = this.#path(kind, geometry);
    if (kind !== 'polyline') {
      pen.globalAlpha = kind === 'point' ? 0.9 : selected ? 0.2 : 0.12;
      pen.fillStyle = colour;
      pen.fill(path, 'evenodd');
      pen.globalAlpha = 1;
    }
    // Dark outside, white inside the colour, so that the outline reads on any ground.
    pen.lineJoin = 'round';
    for (const [width, stroke] of [[selected ? 6 : 4, 'rgb(0 0 0 / 0.55)'], [selected ? 4.5 : 3, 'rgb(255 255 255 / 0.7)'], [selected ? 3 : 2, colour]] as const) {
      pen.setLineDash(dashed ? [6, 4] : []);
      pen.lineWidth = width;
      pen.strokeStyle = stroke;
      pen.stroke(path);
    }
    pen.setLineDash([]);
  }

  #path(kind: DrawnKind, geometry: Geometry): Path2D {
    const path = new Path2D();
    const run = (points: readonly Position[], close: boolean) => {
      points.forEach(([x, y], i) => i === 0 ? path.moveTo(...this.#screen(x, y)) : path.lineTo(...this.#screen(x, y)));
      if (close) path.closePath();
    };
    switch (kind) {
      case 'box': {
        const { x, y, w, h } = geometry as BoxGeometry;
        path.rect(...this.#screen(x, y), w * this.#scale, h * this.#scale);
        break;
      }
      case 'polygon': {
        const area = geometry as PolygonGeometry;
        for (const ring of 'rings' in area ? area.rings : area.parts.flat()) run(ring, true);
        break;
      }
      case 'polyline':
        run((geometry as PolylineGeometry).points, false);
        break;
      case 'point': {
        const { x, y } = geometry as PointGeometry;
        path.arc(...this.#screen(x, y), 5, 0, 2 * Math.PI);
      }
    }
    return path;
  }

  #inHand(pen: CanvasRenderingContext2D): void {
    const { drawing, points, cursor } = this.editor.state;
    if (!drawing || !cursor) return;
    const [x, y] = this.#screen(cursor.x, cursor.y);
    pen.lineWidth = 1;
    pen.strokeStyle = 'rgb(255 255 255 / 0.8)';
    pen.setLineDash([4, 4]);
    pen.strokeRect(-10, y, this.host.clientWidth + 20, 0.01);
    pen.strokeRect(x, -10, 0.01, this.host.clientHeight + 20);
    pen.setLineDash([]);
    if (points.length === 0) return;
    const colour = colourOf(this.editor, drawing.id);
    const positions: Position[] = [...points, cursor].map(point => [point.x, point.y]);
    const box = drawing.kind === 'box' ? shapeKind('box').fromPoints([...points, cursor]) : undefined;
    if (box) this.#shape(pen, 'box', box, colour, false, false);
    else this.#shape(pen, 'polyline', { points: positions }, colour, false, false);
    for (const point of points) this.#handle(pen, point);
  }

  #handle(pen: CanvasRenderingContext2D, at: ImagePoint): void {
    const [x, y] = this.#screen(at.x, at.y);
    pen.fillStyle = '#fff';
    pen.strokeStyle = 'rgb(0 0 0 / 0.8)';
    pen.lineWidth = 1;
    pen.fillRect(x - 4, y - 4, 8, 8);
    pen.strokeRect(x - 4, y - 4, 8, 8);
  }

  #screen(x: number, y: number): [number, number] {
    return [this.#left + x * this.#scale, this.#top + y * this.#scale];
  }
}
