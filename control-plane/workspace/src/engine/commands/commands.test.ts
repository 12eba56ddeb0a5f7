import { expect, test } from 'vitest';
import { answer } from './answers';
import { TestWorkspace } from '../testing/testWorkspace';
import { findingsOf } from '../checks/checks';
import { fit, pan, reveal, zoomBy } from './view';

const fresh = () => new TestWorkspace();

test('copies land beside their origin, each further; in place on another picture; pushed into a smaller one', () => {
  const ws = fresh().drawn('box', [10, 10], [30, 20]).click(20, 15).key('copy').key('paste').key('paste');
  expect(ws.geometries).toEqual([{ x: 10, y: 10, w: 20, h: 10 }, { x: 22, y: 22, w: 20, h: 10 }, { x: 34, y: 34, w: 20, h: 10 }]);
  expect(new Set(ws.state.document.objects.map(object => object.id)).size).toBe(3);
  expect(ws.selectedAt).toEqual([2]);
  const other = new TestWorkspace();
  ws.clipboard.paste(other);
  expect(other.geometries).toEqual([{ x: 10, y: 10, w: 20, h: 10 }]);
  const small = new TestWorkspace(undefined, false, { width: 25, height: 15 });
  ws.clipboard.paste(small);
  expect(small.geometries).toEqual([{ x: 5, y: 5, w: 20, h: 10 }]);
  const tiny = new TestWorkspace(undefined, false, { width: 10, height: 10 });
  expect(ws.clipboard.paste(tiny)).toBe(0);
});

test('duplicate is one step and selects the copies', () => {
  const ws = fresh().drawn('box', [10, 10], [30, 20]).drawn('point', [50, 50]);
  ws.drag([5, 5], [60, 60]).key('duplicate');
  expect(ws.selectedAt).toEqual([2, 3]);
  ws.undo();
  expect(ws.geometries).toHaveLength(2);
});

test('another class keeps the shape and drops answers that it does not ask for', () => {
  const ws = fresh();
  ws.draw('house');
  ws.drag([10, 10], [30, 30]).with(undefined);
  const id = ws.state.document.objects[0]!.id;
  answer(ws, id, 'roof', 'tiles');
  ws.reclass('shore');
  expect(ws.state.document.objects[0]).toMatchObject({ tool: 'house', answers: { roof: 'tiles' } });
  ws.reclass('boat');
  expect(ws.state.document.objects[0]).toMatchObject({ tool: 'boat', answers: {} });
  ws.undo();
  expect(ws.state.document.objects[0]).toMatchObject({ tool: 'house', answers: { roof: 'tiles' } });
});

test('typing an answer is one step, the next answer another', () => {
  const ws = fresh();
  for (const [i, text] of ['t', 'ti', 'til'].entries()) answer(ws, undefined, 'usable', [text], i > 0);
  answer(ws, undefined, 'usable', ['no']);
  ws.undo();
  expect(ws.state.document.answers).toEqual({ usable: ['til'] });
  ws.undo();
  expect(ws.state.document.answers).toEqual({});
  ws.redo();
  expect(ws.state.document.answers).toEqual({ usable: ['til'] });
});

test('what a model proposed is edited once a human moves it', () => {
  const drawn = fresh().drawn('box', [10, 10], [30, 20]).state.document;
  const proposed = { ...drawn, objects: drawn.objects.map(object => ({ ...object, origin: { by: 'model' as const, confidence: 0.8 } })) };
  const ws = new TestWorkspace(proposed).drag([20, 15], [25, 15]);
  expect(ws.state.document.objects[0]?.origin).toEqual({ by: 'model', confidence: 0.8, edited: true });
  ws.undo();
  expect(ws.state.document).toEqual(proposed);
});

test('removing an object removes its relations, and undo brings both back in their places', () => {
  const drawn = fresh().drawn('box', [10, 10], [30, 20]).drawn('point', [50, 50]).drawn('point', [70, 70]).state.document;
  const [a, b, c] = drawn.objects;
  const related = { ...drawn, relations: [{ id: 'r', relation: 'x', from: a!.id, to: b!.id }, { id: 's', relation: 'x', from: b!.id, to: c!.id }] };
  const ws = new TestWorkspace(related).click(20, 15).key('delete');
  expect(ws.state.document.relations.map(one => one.id)).toEqual(['s']);
  ws.undo();
  expect(ws.state.document).toEqual(related);
});

test('undo selects what it changed', () => {
  const ws = fresh().drawn('box', [10, 10], [30, 20]).drawn('point', [50, 50]);
  ws.drag([20, 15], [25, 15]).click(90, 5);
  expect(ws.selectedAt).toEqual([]);
  ws.undo();
  expect(ws.selectedAt).toEqual([0]);
});

test('findings name every missing answer, count and broken shape', () => {
  const ws = fresh();
  ws.draw('house');
  ws.drag([10, 10], [30, 30]);
  for (let i = 0; i < 3; i++) ws.with('point').click(40 + i, 40);
  const kinds = () => findingsOf(ws.state.document, ws.ontology, ws.size).map(one => one.kind === 'shape' ? one.fault : one.kind);
  expect(kinds()).toEqual(['answer', 'tooFew', 'tooMany', 'answer']);
  ws.drawn('polygon', [10, 10], [50, 50], [50, 10], [10, 50]);
  answer(ws, undefined, 'usable', ['yes']);
  expect(kinds()).toEqual(['answer', 'crossing', 'tooMany']);
});

test('the view fits the stage until somebody zooms; a far object is brought into it', () => {
  const ws = fresh().drawn('point', [95, 75]);
  expect(ws.state.view).toEqual({ scale: 1, left: 16, top: 16 });
  ws.setStage({ width: 232, height: 192 });
  expect(ws.state.view.scale).toBe(2);
  zoomBy(ws, 8);
  ws.setStage({ width: 132, height: 112 });
  expect(ws.state.view.scale).toBe(16);
  pan(ws, 100_000, 100_000);
  expect(ws.state.view.left, 'some of the picture stays on the stage').toBe(132 - 48);
  reveal(ws, ws.state.document.objects[0]!.id);
  const { view } = ws.state;
  expect([view.left + 95 * 16, view.top + 75 * 16]).toEqual([132 - 32, 112 - 32]);
  fit(ws);
  expect(ws.state.view.scale).toBe(1);
});
