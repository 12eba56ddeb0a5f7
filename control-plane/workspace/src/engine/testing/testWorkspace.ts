import { imagePoint } from '../geometry';
import { Clipboard, duplicate } from '../commands/clipboard';
import { moveCursor, placeAtCursor } from '../commands/cursor';
import { changeClass, nudge, removeSelected, reorder, selectNext } from '../commands/objects';
import { chooseNextHandle, insertVertexAfter, nudgeHandle, removeChosenVertex } from '../commands/vertices';
import { emptyDocument, type LabelDocument } from '../model/document';
import { OntologyIndex } from '../model/ontology-index';
import type { DrawnKind } from '../shapes';
import { Workspace } from '../store/workspace';

export const testOntology = new OntologyIndex({
  tools: [
    { id: 'boat', kind: 'box', name: 'Boat' }, { id: 'house', kind: 'box', name: 'House', questions: [{ id: 'roof', kind: 'text', text: 'Roof', required: true }] },
    { id: 'shore', kind: 'polygon', name: 'Shore', min: 1, questions: [{ id: 'wet', kind: 'single', text: 'Wet?', options: [{ id: 'yes', text: 'Yes' }] }] },
    { id: 'mast', kind: 'polyline', name: 'Mast' }, { id: 'buoy', kind: 'point', name: 'Buoy', max: 2 }, { id: 'blob', kind: 'mask', name: 'Blob' },
  ],
  questions: [{ id: 'usable', kind: 'single', text: 'Usable?', required: true, options: [{ id: 'yes', text: 'Yes' }, { id: 'no', text: 'No' }] }],
});

interface How { readonly shift?: boolean; readonly alt?: boolean }

/** A real workspace that is driven by a scripted pointer and keys, 4 picture pixels to a click. */
export class TestWorkspace extends Workspace {
  readonly clipboard = new Clipboard();
  readonly reach = 4;

  constructor(document: LabelDocument = emptyDocument(1), readOnly = false, size = { width: 100, height: 80 }) {
    super(document, testOntology, size, readOnly);
    this.setStage({ width: 132, height: 112 });
  }

  /** The path of the tool's state. */
  get path(): string {
    return this.state.tool.path;
  }

  get geometries(): readonly unknown[] {
    return this.state.document.objects.map(object => object.geometry);
  }

  get selectedAt(): readonly number[] {
    return this.state.document.objects.flatMap((object, at) => this.state.selection.has(object.id) ? [at] : []);
  }

  down(x: number, y: number, how: How = {}): this {
    this.pointerMove({ at: imagePoint(x, y), reach: this.reach, ...how });
    this.pointerDown({ at: imagePoint(x, y), reach: this.reach, ...how });
    return this;
  }

  move(x: number, y: number, how: How = {}): this {
    this.pointerMove({ at: imagePoint(x, y), reach: this.reach, ...how });
    return this;
  }

  up(x: number, y: number, how: How = {}): this {
    this.pointerUp({ at: imagePoint(x, y), reach: this.reach, ...how });
    return this;
  }

  click(x: number, y: number, how: How = {}): this {
    return this.down(x, y, how).up(x, y, how);
  }

  double(x: number, y: number): this {
    this.click(x, y).click(x, y).doubleClick({ at: imagePoint(x, y), reach: this.reach });
    return this;
  }

  drag(from: readonly [number, number], to: readonly [number, number], how: How = {}): this {
    this.down(...from, how);
    for (let step = 1; step <= 4; step++) this.move(from[0] + ((to[0] - from[0]) * step) / 4, from[1] + ((to[1] - from[1]) * step) / 4, how);
    return this.up(...to, how);
  }

  /** Chooses the first class of a kind; without one, the select tool. */
  with(kind: DrawnKind | undefined): this {
    this.draw(kind && testOntology.toolsOfKind(kind)[0]?.id);
    return this;
  }

  /** Draws and leaves the drawing tool. */
  drawn(kind: DrawnKind, ...points: readonly (readonly [number, number])[]): this {
    this.with(kind);
    for (const [x, y] of points) this.click(x, y);
    if (kind === 'polygon' || kind === 'polyline') this.complete();
    return this.with(undefined);
  }

  /** What keys do, by the name of the act. */
  key(act: 'left' | 'right' | 'up' | 'down' | 'place' | 'enter' | 'esc' | 'back' | 'delete' | 'tab' | 'nextHandle' | 'insert' | 'copy' | 'paste' | 'duplicate' | 'front', times = 1): this {
    const arrows = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] } as const;
    for (let i = 0; i < times; i++) {
      switch (act) {
        case 'left': case 'right': case 'up': case 'down': {
          const [dx, dy] = arrows[act];
          if (this.state.drawing || this.state.selection.size === 0) moveCursor(this, dx, dy);
          else if (this.state.handle !== undefined) nudgeHandle(this, dx, dy, i > 0);
          else nudge(this, dx, dy, i > 0);
          break;
        }
        case 'place': placeAtCursor(this); break;
        case 'enter': this.complete(); break;
        case 'esc': this.cancel(); break;
        case 'back': this.back(); break;
        case 'delete': if (!removeChosenVertex(this)) removeSelected(this); break;
        case 'tab': selectNext(this, 1); break;
        case 'nextHandle': chooseNextHandle(this, 1); break;
        case 'insert': insertVertexAfter(this); break;
        case 'copy': this.clipboard.copy(this); break;
        case 'paste': this.clipboard.paste(this); break;
        case 'duplicate': duplicate(this); break;
        case 'front': reorder(this, 'front'); break;
      }
    }
    return this;
  }

  reclass(toolId: string): this {
    changeClass(this, toolId);
    return this;
  }
}
