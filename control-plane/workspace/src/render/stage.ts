import { sameSet, type Difference, type LabelDocument, type Workspace, type WorkspaceState } from '../engine';
import { Minimap } from './minimap';
import { paintOverlay, type OverlayView, type OverlayWords, type Tag } from './overlay';
import { cssFilter, noFilters, PictureLayer, type ViewFilters } from './pictureLayer';
import { PointerInput } from './pointerInput';
import css from './stage.module.css';
import { TileLayer } from './tiles/tileLayer';

/** What is shown of a review: the reviewer's own document, the label that is judged, or the two against each other. */
export interface Comparison {
  readonly shown: 'original' | 'mine' | 'differences';
  readonly original: LabelDocument;
  readonly differences: readonly Difference[];
}

export interface StageOptions extends OverlayWords {
  /** What a screen reader calls the stage. */
  readonly label: string;
  /** The picture is in memory but the browser could not paint it. */
  readonly onUnpaintable?: () => void;
}

/** A frame is at rest when the view has not moved for so long. */
const restMilliseconds = 120;
const later: (act: () => void) => void = 'requestIdleCallback' in globalThis ? act => void requestIdleCallback(act, { timeout: 200 }) : act => void setTimeout(act, 1);

/** Paints a workspace: picture, tiles of shapes, overlay, words. It owns no truth, and draws a frame only when something changed. */
export class Stage {
  readonly #picture: HTMLCanvasElement;
  readonly #shapes: HTMLCanvasElement;
  readonly #overlay: HTMLCanvasElement;
  readonly #words: HTMLDivElement;
  readonly #layer: TileLayer;
  readonly #pictureLayer: PictureLayer;
  readonly #minimap: Minimap;
  readonly #observer: ResizeObserver;
  readonly #unsubscribe: () => void;
  readonly input: PointerInput;
  #seen: WorkspaceState | undefined;
  #comparison: Comparison | undefined;
  #filter = cssFilter(noFilters);
  #leftOut: ReadonlySet<string> = new Set();
  #frame = 0;
  #all = true;
  /** Tiles were painted since the last frame. */
  #repainted = false;
  /** A slice of painting is asked for. */
  #painting = false;
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  #lookedAt = 0;
  #destroyed = false;

  constructor(readonly host: HTMLElement, readonly workspace: Workspace, bitmap: ImageBitmap, readonly options: StageOptions) {
    this.#picture = canvasIn(host, css.layer);
    this.#shapes = canvasIn(host, css.layer);
    this.#overlay = canvasIn(host, css.overlay);
    this.#overlay.tabIndex = 0;
    this.#overlay.setAttribute('role', 'application');
    this.#overlay.setAttribute('aria-label', options.label);
    this.#words = document.createElement('div');
    this.#words.className = css.words ?? '';
    this.#words.setAttribute('aria-hidden', 'true');
    this.#minimap = new Minimap(workspace, bitmap);
    this.#minimap.canvas.className = css.minimap ?? '';
    host.append(this.#words, this.#minimap.canvas);
    this.#layer = new TileLayer(workspace);
    this.#pictureLayer = new PictureLayer(bitmap);
    this.input = new PointerInput(this.#overlay, workspace);
    this.#unsubscribe = workspace.subscribe(() => this.#ask());
    this.#observer = new ResizeObserver(() => this.#measure());
    this.#observer.observe(host);
    this.#measure();
    // The first frame now and not a frame later: the next picture is there in the turn in which it is asked for.
    cancelAnimationFrame(this.#frame);
    this.#paint();
  }

  /** Tiles painted so far, for measurements. */
  get paintedTiles(): number {
    return this.#layer.painted;
  }

  focus(): void {
    this.#overlay.focus({ preventScroll: true });
  }

  get hasFocus(): boolean {
    return document.activeElement === this.#overlay;
  }

  setFilters(filters: ViewFilters): void {
    this.#filter = cssFilter(filters);
    this.#picture.style.filter = this.#filter;
    this.#ask(true);
  }

  compare(comparison: Comparison | undefined): void {
    this.#comparison = comparison;
    this.#ask(true);
  }

  destroy(): void {
    this.#destroyed = true;
    this.#unsubscribe();
    this.#observer.disconnect();
    this.input.destroy();
    this.#layer.destroy();
    clearTimeout(this.#restTimer);
    cancelAnimationFrame(this.#frame);
    this.host.replaceChildren();
  }

  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width === 0 || height === 0) return;
    this.#all = true;
    this.workspace.setStage({ width, height });
  }

  #ask(all = false): void {
    this.#all ||= all;
    if (this.#frame === 0 && !this.#destroyed) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    this.#frame = 0;
    if (this.#destroyed) return;
    const { state } = this.workspace;
    const before = this.#seen;
    this.#seen = state;
    const ratio = devicePixelRatio;
    const emptied = this.#sized(state.stage.width, state.stage.height, ratio);
    const all = this.#all || emptied;
    this.#all = false;
    const now = performance.now();
    const looked = all || before?.view !== state.view || before.stage !== state.stage;
    if (before && before.view !== state.view) this.#lookedAt = now;
    const atRest = now - this.#lookedAt >= restMilliseconds;
    if (looked) this.#paintPicture(state, ratio, atRest);
    this.#paintShapes(state, ratio, looked, atRest, now);
    const overlay = this.#overlay.getContext('2d');
    if (overlay) this.#say(paintOverlay(overlay, this.workspace, state.stage, ratio, this.options, this.#overlayView(state)));
    if (looked) this.#minimap.paint(this.#filter);
    if (before?.tool !== state.tool || before?.drawing !== state.drawing) this.input.refreshCursor();
    if (!atRest) this.#askAtRest();
  }

  #overlayView(state: WorkspaceState): OverlayView {
    const { shown = 'mine', original = state.document, differences = [] } = this.#comparison ?? {};
    return { document: shown === 'original' ? original : state.document, fixed: shown === 'original', differences: shown === 'differences' ? differences : [] };
  }

  #paintPicture(state: WorkspaceState, ratio: number, atRest: boolean): void {
    const brush = this.#picture.getContext('2d');
    if (brush && !this.#pictureLayer.paint(brush, state.view, state.stage, ratio, atRest)) this.options.onUnpaintable?.();
  }

  #paintShapes(state: WorkspaceState, ratio: number, looked: boolean, atRest: boolean, now: number): void {
    const { shown, original } = this.#comparison ?? {};
    const leftOut = shown === 'original' ? new Set<string>() : new Set([...state.hidden, ...state.preview.keys()]);
    if (!sameSet(leftOut, this.#leftOut)) this.#leftOut = leftOut;
    const changed = this.#layer.follow(shown === 'original' && original ? original : state.document, this.#leftOut);
    if (!looked && !changed && !this.#repainted) return;
    this.#repainted = false;
    this.#layer.tune(state.view.scale, ratio, now);
    // While the view moves, a frame only puts together what is there.
    if (atRest) this.#layer.paintSome(state.view, state.stage, () => performance.now());
    const brush = this.#shapes.getContext('2d');
    if (brush) {
      brush.setTransform(ratio, 0, 0, ratio, 0, 0);
      brush.clearRect(0, 0, state.stage.width, state.stage.height);
      this.#layer.compose(brush, state.view, state.stage);
    }
    if (!this.#painting && this.#layer.waits(state.view, state.stage)) {
      this.#painting = true;
      later(() => this.#paintTiles());
    }
  }

  /** Between frames: some tiles, nearest first; then a frame shows them. */
  #paintTiles(): void {
    this.#painting = false;
    if (this.#destroyed) return;
    const { view, stage } = this.workspace.state;
    this.#layer.paintSome(view, stage, () => performance.now(), 1);
    this.#repainted = true;
    this.#ask();
  }

  /** One more frame when the view has come to rest: sharp tiles and the better scaling. */
  #askAtRest(): void {
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => this.#ask(true), restMilliseconds);
  }

  /** Sizes the canvases in device pixels; true when that emptied them. */
  #sized(width: number, height: number, ratio: number): boolean {
    const wide = Math.round(width * ratio);
    const high = Math.round(height * ratio);
    if (this.#overlay.width === wide && this.#overlay.height === high) return false;
    for (const canvas of [this.#picture, this.#shapes, this.#overlay]) {
      canvas.width = wide;
      canvas.height = high;
    }
    return true;
  }

  #say(tags: readonly Tag[]): void {
    const { children } = this.#words;
    while (children.length > tags.length) children[children.length - 1]?.remove();
    for (const [i, tag] of tags.entries()) {
      let word = children[i] as HTMLElement | undefined;
      if (!word) {
        word = document.createElement('span');
        this.#words.append(word);
      }
      if (word.textContent !== tag.text) word.textContent = tag.text;
      word.className = css[tag.tone] ?? '';
      word.style.setProperty('--class', tag.colour ?? 'transparent');
      const { width, height } = this.workspace.state.stage;
      const x = Math.min(Math.max(tag.at.x - 1, 2), Math.max(2, width - 80));
      const y = Math.min(Math.max(tag.at.y - 26, 2), height - 22);
      word.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    }
  }
}

function canvasIn(host: HTMLElement, className: string | undefined): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.className = className ?? '';
  host.append(canvas);
  return canvas;
}
