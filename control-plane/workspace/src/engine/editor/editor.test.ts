import { expect, test } from 'vitest';
import { imagePoint } from '../geometry';
import { emptyDocument } from '../model/document';
import { OntologyIndex } from '../model/ontology-index';
import { Editor } from './editor';

const ontology = new OntologyIndex({
  tools: [
    { id: 'boat', kind: 'box', name: 'Boat' }, { id: 'shore', kind: 'polygon', name: 'Shore', questions: [{ id: 'wet', kind: 'single', text: 'Wet?', options: [{ id: 'yes', text: 'Yes' }] }] },
    { id: 'mast', kind: 'polyline', name: 'Mast' }, { id: 'buoy', kind: 'point', name: 'Buoy' },
  ],
});
const at = imagePoint;
const fresh = () => new Editor(emptyDocument(1), ontology, { width: 100, height: 80 });
const shapes = (editor: Editor) => editor.state.document.objects.map(object => object.geometry);
const click = (editor: Editor, x: number, y: number) => {
  editor.pointerDown(at(x, y), 4);
  editor.pointerUp(at(x, y), 4);
};

test('a box is dragged or made by two clicks, and never leaves the picture', () => {
  const editor = fresh();
  editor.pointerDown(at(10, 10), 4);
  editor.pointerMove(at(40, 30));
  editor.pointerUp(at(40, 30), 4);
  click(editor, 90, 70);
  click(editor, 200, 200);
  expect(shapes(editor)).toEqual([{ x: 10, y: 10, w: 30, h: 20 }, { x: 90, y: 70, w: 10, h: 10 }]);
});

test('a polygon closes on its first point or by Enter; undo goes back through its points first', () => {
  const editor = fresh();
  editor.drawKind('polygon');
  for (const [x, y] of [[10, 10], [50, 10], [50, 50]] as const) click(editor, x, y);
  editor.undo();
  expect(editor.state.points).toHaveLength(2);
  click(editor, 50, 60);
  click(editor, 11, 11);
  expect(shapes(editor)).toEqual([{ rings: [[[10, 10], [50, 10], [50, 60]]] }]);
  expect(editor.state.selected).toBe(editor.state.document.objects[0]?.id);
});

test('undo and redo lead to the very same documents', () => {
  const editor = fresh();
  const seen = [editor.state.document];
  for (const kind of ['point', 'box', 'polyline'] as const) {
    editor.drawKind(kind);
    click(editor, 10, 10);
    if (kind !== 'point') click(editor, 30, 30);
    if (kind === 'polyline') editor.finish();
    seen.push(editor.state.document);
  }
  editor.select(editor.state.document.objects[1]?.id);
  editor.nudge(1, 0);
  seen.push(editor.state.document);
  editor.removeSelected();
  seen.push(editor.state.document);
  for (const before of seen.slice(0, -1).reverse()) {
    editor.undo();
    expect(editor.state.document).toBe(before);
  }
  expect(editor.state.canUndo).toBe(false);
  for (const after of seen.slice(1)) {
    editor.redo();
    expect(editor.state.document).toBe(after);
  }
});

test('one drag is one step, of a shape or of a corner', () => {
  const editor = fresh();
  click(editor, 10, 10);
  click(editor, 30, 30);
  editor.draw(undefined);
  editor.pointerDown(at(20, 20), 4);
  for (let x = 21; x < 60; x++) editor.pointerMove(at(x, 20));
  editor.pointerUp(at(59, 20), 4);
  expect(shapes(editor)).toEqual([{ x: 49, y: 10, w: 20, h: 20 }]);
  editor.pointerDown(at(49, 10), 4);
  editor.pointerMove(at(40, 5));
  editor.pointerUp(at(40, 5), 4);
  expect(shapes(editor)).toEqual([{ x: 40, y: 5, w: 29, h: 25 }]);
  editor.undo();
  editor.undo();
  expect(shapes(editor)).toEqual([{ x: 10, y: 10, w: 20, h: 20 }]);
});

test('the keyboard alone draws: arrows move the crosshair, a key places', () => {
  const editor = fresh();
  editor.nudge(-10, -10);
  editor.place(editor.state.cursor ?? at(0, 0));
  editor.nudge(20, 10);
  editor.place(editor.state.cursor ?? at(0, 0));
  expect(shapes(editor)).toEqual([{ x: 40, y: 30, w: 20, h: 10 }]);
});

test('answers are undone like shapes; a reader changes nothing', () => {
  const editor = fresh();
  editor.drawKind('polygon');
  for (const [x, y] of [[10, 10], [50, 10], [50, 50]] as const) click(editor, x, y);
  editor.finish();
  const id = editor.state.document.objects[0]?.id;
  editor.answer(id, 'wet', ['yes']);
  expect(editor.state.document.objects[0]?.answers).toEqual({ wet: ['yes'] });
  editor.undo();
  expect(editor.state.document.objects[0]?.answers).toEqual({});
  const reader = new Editor(editor.state.document, ontology, { width: 100, height: 80 }, true);
  reader.select(id);
  reader.removeSelected();
  reader.nudge(5, 5);
  expect(reader.state.document).toBe(editor.state.document);
});
