import { expect, test } from 'vitest';
import { TestWorkspace } from '../testing/testWorkspace';

const fresh = () => new TestWorkspace();
/** The act makes one step: undo leads to the very document before, redo to the one after. */
function isOneStep(ws: TestWorkspace, act: () => void): void {
  const before = ws.state.document;
  act();
  const after = ws.state.document;
  expect(after).not.toEqual(before);
  ws.undo();
  expect(ws.state.document).toEqual(before);
  ws.redo();
  expect(ws.state.document).toEqual(after);
}

test('box: a drag, or two clicks; inside the picture; its edge catches', () => {
  const ws = fresh().with('box');
  expect(ws.path).toBe('box.idle');
  isOneStep(ws, () => {
    ws.down(10, 10).move(20, 20);
    expect([ws.path, ws.hint]).toEqual(['box.drawing', 'box.second']);
    ws.move(40, 30).up(40, 30);
  });
  expect(ws.path).toBe('box.idle');
  ws.click(90, 70);
  expect(ws.path).toBe('box.drawing');
  ws.click(200, 200);
  ws.click(60, 60).click(99, 40);
  expect(ws.geometries).toEqual([{ x: 10, y: 10, w: 30, h: 20 }, { x: 90, y: 70, w: 10, h: 10 }, { x: 60, y: 40, w: 40, h: 20 }]);
});

test('box: Esc and Backspace leave nothing', () => {
  const ws = fresh().with('box').click(10, 10).key('esc');
  expect(ws.path).toBe('box.idle');
  ws.click(10, 10).key('back');
  expect(ws.path).toBe('box.idle');
  ws.key('esc');
  expect(ws.path).toBe('select.idle');
  expect([ws.geometries, ws.state.canUndo]).toEqual([[], false]);
});

test('polygon: closes on its first point, by Enter or by a double click', () => {
  const ws = fresh().with('polygon').click(10, 10).click(50, 10);
  expect([ws.path, ws.hint]).toEqual(['polygon.placing', 'polygon.more']);
  ws.key('enter');
  expect(ws.path).toBe('polygon.placing');
  ws.click(50, 50);
  expect(ws.hint).toBe('polygon.close');
  isOneStep(ws, () => ws.click(11, 11));
  expect(ws.path).toBe('polygon.idle');
  ws.click(60, 10).click(90, 10).click(90, 40).key('enter');
  ws.click(10, 60).click(30, 60).double(30, 75);
  expect(ws.geometries).toEqual([
    { rings: [[[10, 10], [50, 10], [50, 50]]] }, { rings: [[[60, 10], [90, 10], [90, 40]]] }, { rings: [[[10, 60], [30, 60], [30, 75]]] },
  ]);
});

test('polygon: undo and Backspace take its points back, redo brings them again, before the document is touched', () => {
  const ws = fresh().drawn('box', [1, 1], [5, 5]).with('polygon').click(10, 10).click(50, 10).click(50, 50);
  ws.undo();
  ws.key('back');
  expect(ws.state.tool.inHand?.points).toHaveLength(1);
  ws.redo();
  expect(ws.state.tool.inHand?.points).toEqual([{ x: 10, y: 10 }, { x: 50, y: 10 }]);
  ws.key('back', 2);
  expect([ws.path, ws.geometries.length]).toEqual(['polygon.idle', 1]);
});

test('polyline: Enter ends it, two points are enough', () => {
  const ws = fresh().with('polyline').click(10, 10);
  ws.key('enter');
  expect(ws.path).toBe('polyline.placing');
  ws.click(20, 20);
  expect(ws.hint).toBe('polyline.end');
  isOneStep(ws, () => ws.key('enter'));
  expect(ws.geometries).toEqual([{ points: [[10, 10], [20, 20]] }]);
});

test('point: one click each', () => {
  const ws = fresh().with('point');
  isOneStep(ws, () => ws.click(10, 10));
  ws.click(20, 20);
  expect([ws.path, ws.geometries]).toEqual(['point.idle', [{ x: 10, y: 10 }, { x: 20, y: 20 }]]);
});

test('keys alone draw a box, choose a corner, resize and move it', () => {
  const ws = fresh().with('box').key('place').key('right', 20).key('down', 10).key('place');
  expect(ws.geometries).toEqual([{ x: 50, y: 40, w: 20, h: 10 }]);
  ws.key('esc').key('nextHandle', 5);
  isOneStep(ws, () => ws.key('right', 3));
  expect(ws.geometries).toEqual([{ x: 50, y: 40, w: 23, h: 10 }]);
  ws.key('left', 10);
  expect(ws.geometries).toEqual([{ x: 40, y: 40, w: 23, h: 10 }]);
  ws.undo();
  expect(ws.geometries, 'a key that is held down is one step').toEqual([{ x: 50, y: 40, w: 23, h: 10 }]);
});

test('keys alone draw and bend a polygon', () => {
  const ws = fresh().with('polygon');
  ws.key('place').key('right', 20).key('place').key('down', 20).key('place').key('enter').key('esc');
  expect(ws.geometries).toEqual([{ rings: [[[50, 40], [70, 40], [70, 60]]] }]);
  ws.key('nextHandle').key('insert').key('up', 5);
  expect(ws.geometries).toEqual([{ rings: [[[50, 40], [60, 35], [70, 40], [70, 60]]] }]);
  ws.key('delete');
  expect(ws.geometries).toEqual([{ rings: [[[50, 40], [70, 40], [70, 60]]] }]);
});

test('select: a click chooses the topmost, empty ground nothing', () => {
  const ws = fresh().drawn('box', [10, 10], [50, 50]).drawn('box', [30, 30], [70, 70]);
  ws.click(40, 40);
  expect(ws.selectedAt).toEqual([1]);
  ws.click(15, 15);
  expect(ws.selectedAt).toEqual([0]);
  ws.key('front').click(90, 10).click(40, 40);
  expect(ws.state.document.objects.find(object => ws.state.selection.has(object.id))?.geometry).toEqual({ x: 10, y: 10, w: 40, h: 40 });
  ws.click(90, 10);
  expect([ws.selectedAt, ws.path]).toEqual([[], 'select.idle']);
});

test('select: Shift adds and takes away, a rectangle takes what is wholly in it', () => {
  const ws = fresh().drawn('box', [10, 10], [20, 20]).drawn('box', [30, 10], [40, 20]).drawn('box', [60, 10], [90, 20]);
  ws.click(15, 15).click(35, 15, { shift: true });
  expect(ws.selectedAt).toEqual([0, 1]);
  ws.click(15, 15, { shift: true });
  expect(ws.selectedAt).toEqual([1]);
  ws.down(5, 5).move(70, 30);
  expect([ws.path, ws.hint]).toEqual(['select.marquee', 'select.marquee']);
  ws.up(70, 30);
  expect(ws.selectedAt).toEqual([0, 1]);
  ws.drag([55, 5], [95, 30], { shift: true });
  expect(ws.selectedAt).toEqual([0, 1, 2]);
});

test('moving: one drag is one step for all that is selected, and stops at the edge', () => {
  const ws = fresh().drawn('box', [10, 10], [20, 20]).drawn('point', [40, 40]);
  ws.drag([5, 5], [60, 60]);
  const before = ws.state.document;
  ws.down(15, 15);
  expect(ws.path).toBe('select.pointing');
  ws.move(25, 20);
  expect(ws.path).toBe('select.moving');
  expect(ws.state.document, 'the document waits for the end of the gesture').toBe(before);
  ws.up(25, 20);
  expect(ws.geometries).toEqual([{ x: 20, y: 15, w: 10, h: 10 }, { x: 50, y: 45 }]);
  isOneStep(ws, () => ws.drag([25, 20], [-50, 20]));
  expect(ws.geometries[0]).toEqual({ x: 0, y: 15, w: 10, h: 10 });
});

test('moving: Esc puts everything back and is no step', () => {
  const ws = fresh().drawn('box', [10, 10], [20, 20]);
  const before = ws.state.document;
  ws.down(15, 15).move(40, 40).key('esc').up(40, 40);
  expect([ws.path, ws.state.document === before, ws.state.preview.size]).toEqual(['select.idle', true, 0]);
});

test('resizing: eight handles, through the other side too; Shift keeps the proportions', () => {
  const ws = fresh().drawn('box', [20, 20], [60, 40]);
  const resized = (from: [number, number], to: [number, number], shift = false) => {
    ws.drag(from, to, { shift });
    const made = ws.geometries[0];
    ws.undo();
    return made;
  };
  expect(resized([20, 20], [10, 15])).toEqual({ x: 10, y: 15, w: 50, h: 25 });
  expect(resized([40, 20], [70, 10])).toEqual({ x: 20, y: 10, w: 40, h: 30 });
  expect(resized([60, 20], [70, 15])).toEqual({ x: 20, y: 15, w: 50, h: 25 });
  expect(resized([60, 30], [70, 75])).toEqual({ x: 20, y: 20, w: 50, h: 20 });
  expect(resized([60, 40], [70, 50])).toEqual({ x: 20, y: 20, w: 50, h: 30 });
  expect(resized([40, 40], [5, 50])).toEqual({ x: 20, y: 20, w: 40, h: 30 });
  expect(resized([20, 40], [10, 50])).toEqual({ x: 10, y: 20, w: 50, h: 30 });
  expect(resized([20, 30], [80, 5])).toEqual({ x: 60, y: 20, w: 20, h: 20 });
  expect(resized([60, 40], [80, 41], true)).toEqual({ x: 20, y: 20, w: 60, h: 30 });
});

test('a side that was dragged through the other one is that other one for the keys', () => {
  const ws = new TestWorkspace().drawn('box', [20, 20], [60, 40]).drag([20, 30], [80, 30]);
  expect(ws.geometries).toEqual([{ x: 60, y: 20, w: 20, h: 20 }]);
  expect(ws.key('right', 2).geometries).toEqual([{ x: 60, y: 20, w: 22, h: 20 }]);
});

test('a vertex is dragged, inserted on an edge, and removed; a triangle keeps three', () => {
  const ws = fresh().drawn('polygon', [10, 10], [50, 10], [50, 50]);
  isOneStep(ws, () => ws.drag([50, 50], [60, 60]));
  isOneStep(ws, () => {
    ws.down(30, 10).move(30, 5);
    expect(ws.path).toBe('select.draggingHandle');
    ws.up(30, 5);
  });
  expect(ws.geometries).toEqual([{ rings: [[[10, 10], [30, 5], [50, 10], [60, 60]]] }]);
  isOneStep(ws, () => ws.double(52, 20));
  expect(ws.state.document.objects[0]?.geometry).toMatchObject({ rings: [{ length: 5 }] });
  isOneStep(ws, () => ws.click(10, 10, { alt: true }));
  ws.click(30, 5).key('delete');
  expect(ws.state.document.objects[0]?.geometry).toMatchObject({ rings: [{ length: 3 }] });
  ws.click(60, 60).key('delete');
  expect(ws.geometries, 'without a vertex to spare Del removes the object').toEqual([]);
});

test('hidden and locked objects are not hit; a locked one is not changed by any command', () => {
  const ws = fresh().drawn('box', [10, 10], [50, 50]);
  const [object] = ws.state.document.objects;
  ws.setHidden([object!.id], true);
  expect(ws.click(20, 20).selectedAt).toEqual([]);
  ws.setHidden([object!.id], false);
  ws.setLocked([object!.id], true);
  expect(ws.click(20, 20).selectedAt).toEqual([]);
  const before = ws.state.document;
  ws.select([object!.id]);
  ws.key('left', 3).key('delete').reclass('house').drag([10, 10], [5, 5]);
  expect(ws.state.document).toBe(before);
});

test('a reader selects and changes nothing', () => {
  const drawn = fresh().drawn('box', [10, 10], [50, 50]);
  const ws = new TestWorkspace(drawn.state.document, true);
  ws.click(20, 20).drag([20, 20], [40, 40]).key('left').key('delete').key('duplicate').with('box');
  expect([ws.selectedAt, ws.path, ws.hint]).toEqual([[0], 'select.idle', 'readOnly']);
  expect(ws.state.document).toBe(drawn.state.document);
});
