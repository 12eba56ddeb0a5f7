import { pan, screenPoint, toImage, zoomBy, type Pointer, type Workspace } from '../engine';

/** Half of the 12 px that a click means, in CSS pixels. */
const reachPixels = 6;
const touchReachPixels = 14;

/** Turns the pointer on the stage into what the workspace understands; wheel, middle button and Space look around. */
export class PointerInput {
  #panning: { x: number; y: number } | undefined;
  #spaceHeld = false;
  #spaceUsed = false;
  readonly #stop = new AbortController();

  constructor(readonly surface: HTMLElement, readonly workspace: Workspace) {
    const { signal } = this.#stop;
    surface.addEventListener('pointerdown', this.#down, { signal });
    surface.addEventListener('pointermove', this.#move, { signal });
    surface.addEventListener('pointerup', this.#up, { signal });
    surface.addEventListener('pointercancel', this.#lost, { signal });
    surface.addEventListener('pointerleave', () => workspace.pointerLeave(), { signal });
    surface.addEventListener('dblclick', event => workspace.doubleClick(this.#pointer(event, reachPixels)), { signal });
    surface.addEventListener('wheel', this.#wheel, { passive: false, signal });
    surface.addEventListener('contextmenu', event => event.preventDefault(), { signal });
  }

  /** Space went down: a drag now pans. */
  holdSpace(): void {
    if (!this.#spaceHeld) this.#spaceUsed = false;
    this.#spaceHeld = true;
    this.#showCursor();
  }

  /** Space went up; true when nothing was panned meanwhile. */
  releaseSpace(): boolean {
    const tapped = this.#spaceHeld && !this.#spaceUsed;
    this.#spaceHeld = false;
    this.#showCursor();
    return tapped;
  }

  /** The pointer shows what a press would do. */
  refreshCursor(): void {
    this.#showCursor();
  }

  destroy(): void {
    this.#stop.abort();
  }

  #pointer(event: MouseEvent, reach: number): Pointer {
    const { view } = this.workspace.state;
    return { at: toImage(view, screenPoint(event.offsetX, event.offsetY)), reach: reach / view.scale, shift: event.shiftKey, alt: event.altKey };
  }

  readonly #down = (event: PointerEvent): void => {
    this.surface.focus();
    this.surface.setPointerCapture(event.pointerId);
    if (event.button === 1 || (event.button === 0 && this.#spaceHeld)) {
      this.#panning = { x: event.offsetX, y: event.offsetY };
      this.#spaceUsed = true;
      event.preventDefault();
      this.#showCursor();
    } else if (event.button === 0) {
      this.workspace.pointerDown(this.#pointer(event, event.pointerType === 'touch' ? touchReachPixels : reachPixels));
    }
  };

  readonly #move = (event: PointerEvent): void => {
    if (this.#panning) {
      pan(this.workspace, event.offsetX - this.#panning.x, event.offsetY - this.#panning.y);
      this.#panning = { x: event.offsetX, y: event.offsetY };
      return;
    }
    this.workspace.pointerMove(this.#pointer(event, reachPixels));
    this.#showCursor();
  };

  readonly #up = (event: PointerEvent): void => {
    if (this.#panning) this.#panning = undefined;
    else if (event.button === 0) this.workspace.pointerUp(this.#pointer(event, event.pointerType === 'touch' ? touchReachPixels : reachPixels));
    this.#showCursor();
  };

  /** The system took the pointer away: the gesture leaves no trace. */
  readonly #lost = (): void => {
    this.#panning = undefined;
    if (this.workspace.state.tool.gesture) this.workspace.cancel();
  };

  readonly #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    // Lines and pages are turned into pixels; a pinch comes as a wheel with Ctrl and small steps.
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1;
    const factor = Math.exp(-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.0015));
    zoomBy(this.workspace, factor, screenPoint(event.offsetX, event.offsetY));
  };

  #showCursor(): void {
    const { workspace: ws } = this;
    const { drawing, cursor, tool, view } = ws.state;
    let shown = 'default';
    if (this.#panning) shown = 'grabbing';
    else if (this.#spaceHeld) shown = 'grab';
    else if (drawing) shown = 'crosshair';
    else if (tool.path === 'select.moving') shown = 'move';
    else if (cursor) {
      const held = ws.handleAt(cursor, reachPixels / view.scale);
      if (held) shown = held.handle.way ? `${held.handle.way}-resize` : held.handle.role === 'middle' ? 'copy' : 'move';
      else if (ws.state.hover !== undefined) shown = ws.readOnly || !ws.state.selection.has(ws.state.hover) ? 'pointer' : 'move';
    }
    this.surface.style.cursor = shown;
  }
}
