import { clampPoint, distance, snapPoint, type ImagePoint, type Rect, type Size } from '../geometry';
import { apply, isEmpty, replacing, type Edit, type EditName } from '../history/edit';
import { History } from '../history/history';
import { objectOf, withGeometry, type LabelDocument, type LabelObject } from '../model/document';
import type { Geometry } from '../model/geometry';
import type { OntologyIndex } from '../model/ontology-index';
import { drawnKindOf, isDrawn, shapeKind, type DrawnKind, type Handle } from '../shapes';
import { firstState } from '../tools';
import type { Hint, Pointer, ToolState } from '../tools/tool';
import { fittedView, keptView, type View } from '../view/view';
import { ShapeIndex } from './shapeIndex';
import { sameSet, toggled, type WorkspaceState } from './state';

/** An object of a kind that is edited here. */
export interface Shape { readonly object: LabelObject; readonly kind: DrawnKind }
export interface HeldHandle extends Shape { readonly handle: Handle; readonly index: number }

/**
 * One person's work on one picture: the document with its history, the selection, the tool and the view.
 * Knows nothing of React, requests or the screen; whoever paints it subscribes.
 */
export class Workspace {
  readonly #history = new History();
  readonly #index: ShapeIndex;
  readonly #listeners = new Set<() => void>();
  #state: WorkspaceState;
  #readOnly: boolean;
  /** The view follows the stage's size until somebody zooms or pans. */
  #fitted = true;

  constructor(document: LabelDocument, readonly ontology: OntologyIndex, public size: Size, readOnly = false) {
    this.#readOnly = readOnly;
    this.#index = new ShapeIndex(ontology);
    this.#state = {
      document, selection: new Set(), handle: undefined, drawing: undefined, tool: firstState(undefined), preview: new Map(), cursor: undefined, byKeys: false,
      hover: undefined, hidden: new Set(), locked: new Set(), view: { scale: 1, left: 0, top: 0 }, stage: { width: 0, height: 0 }, canUndo: false, canRedo: false,
    };
    this.#beginTool();
  }

  get state(): WorkspaceState {
    return this.#state;
  }

  get readOnly(): boolean {
    return this.#readOnly;
  }

  get hint(): Hint {
    return this.#state.tool.hint(this);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  // ——— the document

  /** Does an edit as one undo step. `again`: the same gesture goes on and joins the step before. */
  run(edit: Edit, again = false): void {
    if (this.#readOnly || isEmpty(edit)) return;
    this.#history.add(edit, again);
    this.#show(edit);
  }

  undo(): void {
    if (this.#state.tool.back) return this.#goTo(this.#state.tool.back(this));
    if (this.#state.tool.gesture) return;
    const edit = this.#history.undo();
    if (edit) this.#show(edit, true);
  }

  redo(): void {
    if (this.#state.tool.forward) return this.#goTo(this.#state.tool.forward(this));
    if (this.#state.tool.gesture) return;
    const edit = this.#history.redo();
    if (edit) this.#show(edit, true);
  }

  /** Another document takes its place, such as a newer draft; nothing before it can be undone. */
  reset(document: LabelDocument): void {
    this.#history.clear();
    this.#become({ document, selection: new Set(), handle: undefined, preview: new Map(), tool: firstState(undefined), drawing: undefined });
    this.#beginTool();
  }

  /** Lets the document be changed, or only looked at. */
  setReadOnly(readOnly: boolean): void {
    if (readOnly === this.#readOnly) return;
    this.#readOnly = readOnly;
    this.#become({ drawing: undefined, tool: firstState(undefined), preview: new Map(), handle: undefined });
  }

  // ——— what is where

  kindOf(object: LabelObject): DrawnKind | undefined {
    return drawnKindOf(this.ontology, object);
  }

  shapeOf(id: string): Shape | undefined {
    const object = objectOf(this.#state.document, id);
    const kind = object && this.kindOf(object);
    return object && kind && { object, kind };
  }

  /** Selected objects, in the document's order. */
  selected(): LabelObject[] {
    const { document, selection } = this.#state;
    return [...selection].flatMap(id => objectOf(document, id) ?? []);
  }

  onlySelected(): Shape | undefined {
    const { selection } = this.#state;
    const [id] = selection;
    return selection.size === 1 && id !== undefined ? this.shapeOf(id) : undefined;
  }

  /** Selected shapes that may be moved. */
  movable(): Shape[] {
    if (this.#readOnly) return [];
    return this.selected().flatMap(object => this.#state.locked.has(object.id) || this.#state.hidden.has(object.id) ? [] : this.shapeOf(object.id) ?? []);
  }

  /** The topmost object under a point that is neither hidden nor locked. */
  objectAt(at: ImagePoint, reach: number): LabelObject | undefined {
    const { document, hidden, locked } = this.#state;
    this.#index.follow(document);
    return this.#index.topmost(at, reach, object => !hidden.has(object.id) && !locked.has(object.id));
  }

  objectsInside(rect: Rect): LabelObject[] {
    const { document, hidden, locked } = this.#state;
    this.#index.follow(document);
    return this.#index.inside(rect).filter(object => !hidden.has(object.id) && !locked.has(object.id));
  }

  /** The handle of the only selected shape under a point. */
  handleAt(at: ImagePoint, reach: number): HeldHandle | undefined {
    const only = this.onlySelected();
    if (!only || this.movable().length === 0) return undefined;
    const handles = shapeKind(only.kind).handles(only.object.geometry);
    let best: { readonly index: number; readonly far: number } | undefined;
    for (const [index, handle] of handles.entries()) {
      const far = distance(handle.at, at) + (handle.role === 'middle' ? reach / 2 : 0);
      if (far <= reach && (!best || far < best.far)) best = { index, far };
    }
    const handle = best && handles[best.index];
    return best && handle && { ...only, handle, index: best.index };
  }

  /** Where a pointer means, within the picture and snapped to its edge. */
  snapped(pointer: Pointer): ImagePoint {
    return snapPoint(pointer.at, this.size, pointer.reach / 2);
  }

  // ——— tools

  /** Chooses the class to draw with; without one, the select tool. */
  draw(toolId: string | undefined): void {
    if (this.#readOnly) return;
    const tool = toolId === undefined ? undefined : this.ontology.tool(toolId);
    const drawing = tool && isDrawn(tool.kind) ? tool : undefined;
    this.#become({ drawing, tool: firstState(drawing?.kind as DrawnKind | undefined), preview: new Map(), handle: undefined, hover: undefined, ...(drawing && { selection: new Set<string>() }) });
  }

  pointerDown(pointer: Pointer): void {
    this.#act({ cursor: pointer.at, byKeys: false }, tool => tool.pointerDown?.(this, pointer));
  }

  pointerMove(pointer: Pointer): void {
    const cursor = this.#state.drawing ? this.snapped(pointer) : pointer.at;
    this.#act({ cursor, byKeys: false }, tool => tool.pointerMove?.(this, pointer));
  }

  pointerUp(pointer: Pointer): void {
    this.#act({}, tool => tool.pointerUp?.(this, pointer));
  }

  doubleClick(pointer: Pointer): void {
    this.#act({}, tool => tool.doubleClick?.(this, pointer));
  }

  /** The pointer left the stage. */
  pointerLeave(): void {
    if (!this.#state.tool.gesture) this.#become({ cursor: this.#state.byKeys ? this.#state.cursor : undefined, hover: undefined });
  }

  /** The crosshair of the keys. */
  putCursor(at: ImagePoint): void {
    this.#become({ cursor: clampPoint(at, this.size), byKeys: true });
  }

  /** Enter: ends the shape in hand. */
  complete(): void {
    this.#act({}, tool => tool.complete?.(this));
  }

  /** Backspace within a shape in hand; true when there was one. */
  back(): boolean {
    const { tool } = this.#state;
    this.#act({}, () => tool.back?.(this));
    return tool.back !== undefined;
  }

  /** Esc, one step back: the gesture, the drawing tool, the chosen corner, the selection. */
  cancel(): void {
    const { tool, drawing, handle, selection } = this.#state;
    if (tool.cancel) this.#act({}, () => tool.cancel?.(this));
    else if (drawing) this.draw(undefined);
    else if (handle !== undefined) this.chooseHandle(undefined);
    else if (selection.size > 0) this.select([]);
  }

  /** A gesture shows what it does before it is done. */
  preview(geometries: Iterable<readonly [string, Geometry]>): void {
    this.#become({ preview: new Map(geometries) });
  }

  /** What the gesture shows becomes the document's: one gesture, one step. */
  commitPreview(name: EditName): void {
    const { document, preview } = this.#state;
    const objects = [...preview].flatMap(([id, geometry]) => {
      const object = objectOf(document, id);
      return object ? [withGeometry(object, geometry)] : [];
    });
    this.run({ name, objects: replacing(document, objects) });
    this.#become({ preview: new Map() });
  }

  // ——— selection

  select(ids: Iterable<string>): void {
    const selection = new Set(ids);
    if (sameSet(selection, this.#state.selection)) return;
    this.#become({ selection, handle: undefined });
  }

  hover(id: string | undefined): void {
    if (id !== this.#state.hover) this.#become({ hover: id });
  }

  chooseHandle(handle: number | undefined): void {
    if (handle !== this.#state.handle) this.#become({ handle });
  }

  setHidden(ids: Iterable<string>, hidden: boolean): void {
    this.#become({ hidden: toggled(this.#state.hidden, ids, hidden) });
  }

  setLocked(ids: Iterable<string>, locked: boolean): void {
    this.#become({ locked: toggled(this.#state.locked, ids, locked), handle: undefined });
  }

  // ——— the view

  setStage(stage: Size): void {
    const { view } = this.#state;
    this.#become({ stage, view: this.#fitted ? fittedView(this.size, stage) : keptView(view, this.size, stage) });
  }

  /** The picture's size became known. */
  setSize(size: Size): void {
    this.size = size;
    this.setStage(this.#state.stage);
  }

  /** Another view. `follows`: it fits the picture anew when the stage's size changes. */
  look(view: View, follows = false): void {
    this.#fitted = follows;
    this.#become({ view: keptView(view, this.size, this.#state.stage) });
  }

  /** On an empty document the first class is at hand. */
  #beginTool(): void {
    if (!this.#readOnly && this.#state.document.objects.length === 0) this.draw(this.ontology.tools.find(tool => isDrawn(tool.kind))?.id);
  }

  #act(change: Partial<WorkspaceState>, act: (tool: ToolState) => ToolState | undefined): void {
    this.#become(change);
    this.#goTo(act(this.#state.tool));
  }

  #goTo(tool: ToolState | undefined): void {
    if (tool && tool !== this.#state.tool) this.#become({ tool });
  }

  #show(edit: Edit, travels = false): void {
    const document = apply(edit, this.#state.document);
    const there = (id: string) => objectOf(document, id) !== undefined;
    const touched = edit.objects.flatMap(change => change.after?.id ?? []);
    // Undo and redo show what they changed; an edit keeps the selection that it was made with.
    const selection = travels && edit.objects.length > 0 ? new Set(touched) : new Set([...this.#state.selection].filter(there));
    this.#become({ document, ...(sameSet(selection, this.#state.selection) ? {} : { selection }), ...(travels ? { handle: undefined } : {}) });
  }

  #become(change: Partial<WorkspaceState>): void {
    this.#state = { ...this.#state, ...change, canUndo: this.#history.canUndo, canRedo: this.#history.canRedo };
    for (const listener of this.#listeners) listener();
  }
}
