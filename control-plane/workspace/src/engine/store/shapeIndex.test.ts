import { expect, test } from 'vitest';
import { imagePoint } from '../geometry';
import type { LabelObject } from '../model/document';
import { polygon } from '../shapes/polygon';
import { polyline } from '../shapes/polyline';
import { TestWorkspace, testOntology } from '../testing/testWorkspace';
import { changedObjects } from './changes';
import { ShapeIndex } from './shapeIndex';

const object = (id: string, mark = 0): LabelObject => ({ id, tool: 'buoy', geometry: { x: mark, y: 0 }, answers: {} });
const told = (before: LabelObject[], after: LabelObject[]) =>
  changedObjects(before, after).map(({ before: old, after: now }) => `${old ? old.id : '+'}${now ? (old === now ? '~' : now.id) : '-'}`);

test('what changed between two lists is found, and nothing more', () => {
  const [a, b, c, d] = [object('a'), object('b'), object('c'), object('d')];
  expect(told([a, b, c], [a, b, c])).toEqual([]);
  expect(told([a, b, c], [a, b, c, d])).toEqual(['+d']);
  expect(told([a, b, c, d], [a, d])).toEqual(['b-', 'c-']);
  expect(told([a, b, c, d], [a, object('b', 1), c, object('d', 1)])).toEqual(['bb', 'dd']);
  expect(told([a, b, c, d], [a, c, b, d]), 'painted in another order').toEqual(['c~', 'b~']);
  expect(told([a, b], [c])).toEqual(['a-', 'b-', '+c']);
});

test('the topmost exact hit counts, not the bounding box', () => {
  const ws = new TestWorkspace().drawn('polygon', [10, 10], [50, 10], [10, 50]).drawn('polyline', [60, 60], [90, 60], [90, 75]);
  expect(ws.objectAt(imagePoint(45, 45), 2)).toBeUndefined();
  expect(ws.objectAt(imagePoint(15, 15), 2)?.tool).toBe('shore');
  expect(ws.objectAt(imagePoint(70, 72), 2)).toBeUndefined();
  expect(ws.objectAt(imagePoint(70, 61), 2)?.tool).toBe('mast');
});

test('a hole is not the shape, its border is; parts belong together', () => {
  const ring = (x: number, y: number, side: number) => [[x, y], [x + side, y], [x + side, y + side], [x, y + side]] as [number, number][];
  const holed = { rings: [ring(0, 0, 60), ring(20, 20, 20)] };
  expect([polygon.hits(holed, imagePoint(30, 30), 4), polygon.hits(holed, imagePoint(20.5, 30), 4), polygon.hits(holed, imagePoint(5, 5), 4)]).toEqual([false, true, true]);
  const parts = { parts: [[ring(0, 0, 10)], [ring(50, 50, 10)]] };
  expect([polygon.hits(parts, imagePoint(55, 55), 2), polygon.hits(parts, imagePoint(30, 30), 2), polygon.bounds(parts)]).toEqual([true, false, { x: 0, y: 0, w: 60, h: 60 }]);
  expect(polygon.withHandle(parts, 5, imagePoint(70, 50))).toMatchObject({ parts: [{}, [[[50, 50], [70, 50], [60, 60], [50, 60]]]] });
  expect(polygon.fault({ rings: [ring(0, 0, 10)] }, { width: 5, height: 20 })).toBe('outside');
  expect(polyline.withoutVertex?.({ points: [[0, 0], [5, 5]] }, 0)).toBeUndefined();
});

test('outer rings are traced clockwise and holes against them, whichever way they were drawn', () => {
  const traced = (rings: [number, number][][]) => {
    const points: [number, number][][] = [];
    polygon.trace({ rings }, {
      moveTo: (x, y) => points.push([[x, y]]), lineTo: (x, y) => points.at(-1)?.push([x, y]), closePath: () => undefined, rect: () => undefined, arc: () => undefined,
    }, { scale: 1, left: 0, top: 0 });
    return points.map(ring => Math.sign(ring.reduce((sum, [x, y], i) => sum + x * ring[(i + 1) % ring.length]![1] - ring[(i + 1) % ring.length]![0] * y, 0)));
  };
  const outer: [number, number][] = [[0, 0], [10, 0], [10, 10], [0, 10]];
  const hole: [number, number][] = [[2, 2], [4, 2], [4, 4]];
  for (const rings of [[outer, hole], [outer.toReversed(), hole], [outer, hole.toReversed()], [outer.toReversed(), hole.toReversed()]]) expect(traced(rings)).toEqual([1, -1]);
});

test('an index of thousands answers as a search through all of them does', () => {
  const objects: LabelObject[] = Array.from({ length: 3_000 }, (_, i) => ({ id: `o${i}`, tool: 'boat', geometry: { x: (i * 37) % 950, y: (i * 91) % 750, w: 5 + (i % 40), h: 5 + (i % 30) }, answers: {} }));
  const index = new ShapeIndex(testOntology);
  const document = { ...new TestWorkspace().state.document, objects };
  index.follow(document);
  index.follow({ ...document, objects: objects.filter((_, i) => i % 3 !== 0) });
  const left = objects.filter((_, i) => i % 3 !== 0);
  for (let i = 0; i < 40; i++) {
    const rect = { x: (i * 53) % 900, y: (i * 29) % 700, w: 60, h: 40 };
    const expected = left.filter(({ geometry }) => {
      const { x, y, w, h } = geometry as { x: number; y: number; w: number; h: number };
      return x <= rect.x + rect.w && rect.x <= x + w && y <= rect.y + rect.h && rect.y <= y + h;
    });
    expect(index.within(rect)).toEqual(expected);
  }
});
