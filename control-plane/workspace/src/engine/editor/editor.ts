import { distance, imagePoint, type ImagePoint, type Size } from '../geometry';
import { withAnswer } from '../model/answers';
import { objectOf, type AnswerValue, type LabelDocument, type LabelObject } from '../model/document';
import type { Geometry } from '../model/geometry';
import type { OntologyIndex } from '../model/ontology-index';
import type { Tool } from '../model/ontology';
import { uuidv7 } from '../model/uuid';
import { isDrawn, shapeKind, type DrawnKind } from '../shapes/shapes';

/** What the next click does; the words are the catalogue's. */
export type Hint = 'select' | 'box.first' | 'box.second' | 'polygon.first' | 'polygon.more' | 'polygon.close' | 'polyline.first' | 'polyline.more' | 'point' | 'readOnly';

/** Everything that is on the screen; a new object at each change. */
export interface EditorState {
  readonly document: LabelDocument;
  readonly selected: string | undefined;
  /** The class that is drawn with; unset: the select tool. */
  readonly drawing: Tool | undefined;
  /** Points of the shape in hand. */
  readonly points: readonly ImagePoint[];
  /** The pointer, or the crosshair that the arrow keys move. */
  readonly cursor: ImagePoint | undefined;
  readonly hidden: ReadonlySet<string>;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

interface Drag {
  readonly from: ImagePoint;
  readonly before: LabelDocument;
  readonly id: string;
  readonly geometry: Geometry;
  readonly kind: DrawnKind;
  /** Unset: the whole shape moves. */
  readonly handle: number | undefined;
}

/**
 * One person's work on one picture. Documents are immutable and share what did not change, so that a step of the history is the
 * document before it; one gesture is one step. Knows nothing of React, requests or the screen.
 */
export class Editor {
  #state: EditorState;
  #past: LabelDocument[] = [];
  #future: LabelDocument[] = [];
  #drag: Drag | undefined;
  #boxFrom: ImagePoint | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(document: LabelDocument, readonly ontology: OntologyIndex, public size: Size, readonly readOnly = false) {
    this.#state = { document, selected: undefined, drawing: undefined, points: [], cursor: undefined, hidden: new Set(), canUndo: false, canRedo: false };
    if (!readOnly && document.objects.length === 0) this.draw(ontology.tools.find(tool => isDrawn(tool.kind))?.id);
  }

  get state(): EditorState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  kindOf(object: LabelObject): DrawnKind | undefined {
    const kind = this.ontology.tool(object.tool)?.kind;
    return isDrawn(kind) ? kind : undefined;
  }

  get hint(): Hint {
    const { drawing, points } = this.#state;
    if (this.readOnly) return 'readOnly';
    switch (drawing?.kind) {
      case 'box': return points.length === 0 ? 'box.first' : 'box.second';
      case 'polygon': return points.length === 0 ? 'polygon.first' : points.length < 3 ? 'polygon.more' : 'polygon.close';
      case 'polyline': return points.length === 0 ? 'polyline.first' : 'polyline.more';
      case 'point': return 'point';
      default: return 'select';
    }
  }

  /** Chooses the class to draw with; without one, the select tool. With a selection it changes the selection's class instead. */
  draw(toolId: string | undefined): void {
    if (this.readOnly) return;
    const tool = toolId === undefined ? undefined : this.ontology.tool(toolId);
    this.#become({ drawing: tool && isDrawn(tool.kind) ? tool : undefined, points: [], selected: tool ? undefined : this.#state.selected });
  }

  /** The first class of a kind: what the tool's key chooses. */
  drawKind(kind: DrawnKind): void {
    const current = this.#state.drawing;
    this.draw(current?.kind === kind ? current.id : this.ontology.toolsOfKind(kind)[0]?.id);
  }

  select(id: string | undefined): void {
    this.#become({ selected: id, drawing: undefined, points: [] });
  }

  selectNext(step: 1 | -1): void {
    const { objects } = this.#state.document;
    if (objects.length === 0) return;
    const at = objects.findIndex(object => object.id === this.#state.selected);
    this.select(objects[(at + step + objects.length) % objects.length]?.id);
  }

  toggleHidden(id: string): void {
    const hidden = new Set(this.#state.hidden);
    if (!hidden.delete(id)) hidden.add(id);
    this.#become({ hidden });
  }

  pointerDown(at: ImagePoint, reach: number): void {
    this.#become({ cursor: at });
    if (this.readOnly || !this.#state.drawing) {
      this.#grab(at, reach);
      return;
    }
    const place = this.#clamped(at);
    if (this.#state.drawing.kind === 'box' && this.#state.points.length === 0) this.#boxFrom = place;
    this.place(place, reach);
  }

  pointerMove(at: ImagePoint): void {
    const drag = this.#drag;
    if (drag) {
      const shape = shapeKind(drag.kind);
      const geometry = drag.handle === undefined
        ? this.#inside(drag.geometry, drag.kind, at.x - drag.from.x, at.y - drag.from.y)
        : shape.withHandle(drag.geometry, drag.handle, this.#clamped(at));
      this.#replace(drag.id, geometry);
    }
    this.#become({ cursor: this.#state.drawing ? this.#clamped(at) : at });
  }

  pointerUp(at: ImagePoint, reach: number): void {
    const drag = this.#drag;
    this.#drag = undefined;
    if (drag && drag.before !== this.#state.document) this.#remember(drag.before);
    const from = this.#boxFrom;
    this.#boxFrom = undefined;
    // A box is dragged, or made by two clicks.
    if (from && distance(from, at) > reach && this.#state.drawing?.kind === 'box') this.place(this.#clamped(at), reach);
  }

  /** Places a point of the shape in hand: by a click, or at the crosshair. */
  place(at: ImagePoint, reach = 0): void {
    const { drawing, points } = this.#state;
    if (!drawing || !isDrawn(drawing.kind)) return;
    const first = points[0];
    if (drawing.kind === 'polygon' && first && points.length >= 3 && distance(first, at) <= reach) {
      this.finish();
      return;
    }
    const last = points.at(-1);
    if (last && last.x === at.x && last.y === at.y) return;
    this.#become({ points: [...points, at] });
    if (drawing.kind === 'point' || (drawing.kind === 'box' && points.length === 1)) this.finish();
  }

  /** Closes the shape in hand. */
  finish(): void {
    const { drawing, points, document } = this.#state;
    if (!drawing || !isDrawn(drawing.kind)) return;
    const geometry = shapeKind(drawing.kind).fromPoints(points);
    if (!geometry) return;
    const object: LabelObject = { id: uuidv7(), tool: drawing.id, geometry, answers: {} };
    this.#commit({ ...document, objects: [...document.objects, object] });
    const asks = (drawing.questions?.length ?? 0) > 0;
    // A shape with questions is selected, so that they can be answered at once.
    this.#become({ points: [], ...(asks ? { selected: object.id } : {}) });
  }

  /** One step back: a point of the shape in hand, the shape, the tool, the selection. */
  escape(): void {
    const { points, drawing, selected } = this.#state;
    if (points.length > 0) this.#become({ points: [] });
    else if (selected !== undefined) this.#become({ selected: undefined });
    else if (drawing) this.draw(undefined);
  }

  removeSelected(): void {
    const { selected, document } = this.#state;
    if (this.readOnly || selected === undefined) return;
    this.#commit({
      ...document,
      objects: document.objects.filter(object => object.id !== selected),
      relations: document.relations.filter(relation => relation.from !== selected && relation.to !== selected),
    });
    this.#become({ selected: undefined });
  }

  /** Arrow keys: move the selection, else the crosshair. */
  nudge(dx: number, dy: number): void {
    const { selected, document, cursor, drawing } = this.#state;
    const object = selected === undefined ? undefined : objectOf(document, selected);
    const kind = object && this.kindOf(object);
    if (object && kind && !drawing && !this.readOnly) {
      const before = document;
      this.#replace(object.id, this.#inside(object.geometry, kind, dx, dy));
      if (this.#state.document !== before) this.#remember(before);
      return;
    }
    const from = cursor ?? imagePoint(this.size.width / 2, this.size.height / 2);
    this.#become({ cursor: this.#clamped(imagePoint(from.x + dx, from.y + dy)) });
  }

  /** Answers a question of an object, or of the picture. */
  answer(objectId: string | undefined, questionId: string, value: AnswerValue | null): void {
    if (this.readOnly) return;
    const { document } = this.#state;
    if (objectId === undefined) {
      this.#commit({ ...document, answers: withAnswer(this.ontology.questions, document.answers, questionId, value) });
      return;
    }
    this.#commit({
      ...document,
      objects: document.objects.map(object => object.id === objectId
        ? { ...object, answers: withAnswer(this.ontology.tool(object.tool)?.questions ?? [], object.answers, questionId, value) }
        : object),
    });
  }

  undo(): void {
    // Inside a half-drawn shape first, then the document.
    if (this.#state.points.length > 0) {
      this.#become({ points: this.#state.points.slice(0, -1) });
      return;
    }
    const before = this.#past.pop();
    if (!before) return;
    this.#future.push(this.#state.document);
    this.#show(before);
  }

  redo(): void {
    const after = this.#future.pop();
    if (!after) return;
    this.#past.push(this.#state.document);
    this.#show(after);
  }

  #grab(at: ImagePoint, reach: number): void {
    const { document, selected, hidden } = this.#state;
    const current = selected === undefined ? undefined : objectOf(document, selected);
    const kind = current && this.kindOf(current);
    if (current && kind && !this.readOnly) {
      const handle = shapeKind(kind).handles(current.geometry).findIndex(one => distance(one, at) <= reach);
      if (handle >= 0) {
        this.#drag = { from: at, before: document, id: current.id, geometry: current.geometry, kind, handle };
        return;
      }
    }
    // The topmost shape is the one that is meant.
    const hit = [...document.objects].reverse().find(object => {
      const own = this.kindOf(object);
      return own !== undefined && !hidden.has(object.id) && shapeKind(own).hits(object.geometry, at, reach);
    });
    this.#become({ selected: hit?.id });
    const own = hit && this.kindOf(hit);
    if (hit && own && !this.readOnly) this.#drag = { from: at, before: document, id: hit.id, geometry: hit.geometry, kind: own, handle: undefined };
  }

  #inside(geometry: Geometry, kind: DrawnKind, dx: number, dy: number): Geometry {
    const bounds = shapeKind(kind).bounds(geometry);
    const x = Math.min(Math.max(dx, -bounds.x), Math.max(this.size.width - bounds.x - bounds.w, -bounds.x));
    const y = Math.min(Math.max(dy, -bounds.y), Math.max(this.size.height - bounds.y - bounds.h, -bounds.y));
    return x === 0 && y === 0 ? geometry : shapeKind(kind).moved(geometry, x, y);
  }

  #clamped(at: ImagePoint): ImagePoint {
    return imagePoint(Math.min(Math.max(at.x, 0), this.size.width), Math.min(Math.max(at.y, 0), this.size.height));
  }

  #replace(id: string, geometry: Geometry): void {
    const { document } = this.#state;
    if (objectOf(document, id)?.geometry === geometry) return;
    this.#become({ document: { ...document, objects: document.objects.map(object => object.id === id ? { ...object, geometry, ...edited(object) } : object) } });
  }

  #commit(next: LabelDocument): void {
    this.#remember(this.#state.document);
    this.#become({ document: next });
  }

  #remember(before: LabelDocument): void {
    this.#past.push(before);
    this.#future = [];
    this.#become({});
  }

  #show(document: LabelDocument): void {
    const { selected } = this.#state;
    this.#become({ document, selected: selected !== undefined && objectOf(document, selected) ? selected : undefined });
  }

  #become(change: Partial<EditorState>): void {
    this.#state = { ...this.#state, ...change, canUndo: this.#past.length > 0, canRedo: this.#future.length > 0 };
    for (const listener of this.#listeners) listener();
  }
}

/** What a human changed is no longer a model's word alone. */
const edited = (object: LabelObject): Pick<LabelObject, 'origin'> => object.origin?.by === 'model' ? { origin: { ...object.origin, edited: true } } : {};
