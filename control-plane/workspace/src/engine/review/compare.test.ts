import { expect, test } from 'vitest';
import { answer } from '../commands/answers';
import { TestWorkspace } from '../testing/testWorkspace';
import { compare } from './compare';

test('what a reviewer added, removed, moved, reclassed and answered is told apart', () => {
  const original = new TestWorkspace().drawn('box', [10, 10], [30, 30]).drawn('point', [50, 50]).drawn('polygon', [60, 10], [90, 10], [90, 40]).state.document;
  const ws = new TestWorkspace(original);
  expect(compare(original, ws.state.document)).toEqual([]);
  ws.drag([20, 20], [26, 20]).reclass('house');
  ws.click(50, 50).key('delete');
  ws.drawn('polyline', [5, 70], [40, 70]);
  answer(ws, original.objects[2]!.id, 'wet', ['yes']);
  answer(ws, undefined, 'usable', ['no']);
  const differences = compare(original, ws.state.document);
  expect(differences.map(one => one.kind)).toEqual(['removed', 'changed', 'changed', 'added', 'answers']);
  expect(differences[1]).toMatchObject({ moved: true, reclassed: true, answers: [] });
  expect(differences[2]).toMatchObject({ moved: false, reclassed: false, answers: ['wet'] });
  expect(differences[4]).toMatchObject({ answers: ['usable'] });
});

test('a document that was written and read again does not differ', () => {
  const { document } = new TestWorkspace().drawn('box', [10, 10], [30, 30]).state;
  const [object] = document.objects;
  const read = { ...document, objects: [{ answers: {}, geometry: { h: 20, w: 20, y: 10, x: 10 }, tool: object!.tool, id: object!.id }] };
  expect(compare(document, read)).toEqual([]);
});
