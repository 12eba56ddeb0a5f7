import { expect, test } from 'vitest';
import { actionOf, type Clipboard } from '../../engine';
import { TestWorkspace } from '../../engine/testing/testWorkspace';
import { runAction, type DeskActs } from './deskActions';
import { rowsOf } from './panel/objectRows';

const told: string[] = [];
const acts = new Proxy({} as DeskActs, { get: (_, name) => (value?: number) => told.push(`${String(name)} ${value ?? ''}`.trim()) });
/** Presses a chord as the page does; true when the page took it. */
const press = (ws: TestWorkspace, chord: string, review = false): boolean => {
  const action = actionOf(chord, { typing: false, onPicture: true, editing: !ws.readOnly, review });
  return action !== undefined && runAction(action, chord, false, ws, ws.clipboard as Clipboard, acts);
};

test('a digit draws, or gives the selection its class when the shape fits', () => {
  const ws = new TestWorkspace().drawn('box', [10, 10], [30, 30]);
  expect(ws.state.document.objects[0]?.tool).toBe('boat');
  press(ws, '2');
  expect([ws.state.document.objects[0]?.tool, ws.state.drawing]).toEqual(['house', undefined]);
  press(ws, '3');
  expect([ws.state.document.objects[0]?.tool, ws.path]).toEqual(['house', 'polygon.idle']);
});

test('the key of a tool in hand goes on to its next class', () => {
  const ws = new TestWorkspace();
  press(ws, 'V');
  press(ws, 'R');
  expect(ws.state.drawing?.id).toBe('boat');
  press(ws, 'R');
  expect(ws.state.drawing?.id).toBe('house');
});

test('Tab goes through the objects and then leaves the picture: nobody is caught in it', () => {
  const ws = new TestWorkspace().drawn('box', [10, 10], [30, 30]).drawn('point', [50, 50]);
  ws.select([]);
  expect([press(ws, 'Tab'), ws.selectedAt]).toEqual([true, [0]]);
  expect([press(ws, 'Tab'), ws.selectedAt]).toEqual([true, [1]]);
  expect([press(ws, 'Tab'), ws.selectedAt]).toEqual([false, []]);
  expect([press(ws, 'Shift+Tab'), ws.selectedAt]).toEqual([true, [1]]);
});

test('arrows move the crosshair, the selection or the chosen corner, ten times as far with Shift', () => {
  const ws = new TestWorkspace().drawn('box', [10, 10], [30, 30]);
  press(ws, '→');
  press(ws, 'Shift+↓');
  expect(ws.geometries).toEqual([{ x: 11, y: 20, w: 20, h: 20 }]);
  press(ws, '.');
  press(ws, 'Shift+←');
  expect(ws.geometries).toEqual([{ x: 1, y: 20, w: 30, h: 20 }]);
  press(ws, 'Esc');
  press(ws, 'Esc');
  press(ws, '→');
  expect([ws.geometries, ws.state.byKeys]).toEqual([[{ x: 1, y: 20, w: 30, h: 20 }], true]);
});

test('Backspace takes a point of the shape in hand, else what is selected', () => {
  const ws = new TestWorkspace().drawn('box', [10, 10], [30, 30]).with('polygon').click(50, 50).click(60, 50);
  press(ws, 'Backspace');
  expect([ws.state.tool.inHand?.points.length, ws.geometries.length]).toEqual([1, 1]);
  ws.with(undefined).click(20, 20);
  press(ws, 'Backspace');
  expect(ws.geometries).toEqual([]);
});

test('a reviewer scores and steps; digits and arrows change nothing', () => {
  const ws = new TestWorkspace(new TestWorkspace().drawn('box', [10, 10], [30, 30]).state.document, true);
  const before = ws.state.document;
  told.length = 0;
  for (const chord of ['4', '↓', 'A', 'E', 'J', 'D', 'Del']) press(ws, chord, true);
  expect(told).toEqual(['score 4', 'approve', 'correct', 'sendBack', 'compare']);
  expect([ws.state.document === before, ws.selectedAt]).toEqual([true, [0]]);
});

test('objects are listed by class in the order of the ontology, numbered within it', () => {
  const ws = new TestWorkspace().drawn('point', [50, 50]).drawn('box', [10, 10], [30, 30]).drawn('box', [40, 40], [60, 60]);
  const lines = (closed: string[] = []) => rowsOf(ws.state.document, ws.ontology, new Set(closed)).map(row => row.kind === 'class' ? `${row.name} ${row.ids.length}` : `#${row.number}`);
  expect(lines()).toEqual(['Boat 2', '#1', '#2', 'Buoy 1', '#1']);
  expect(lines(['boat'])).toEqual(['Boat 2', 'Buoy 1', '#1']);
});
