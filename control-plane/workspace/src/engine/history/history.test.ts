import { expect, test } from 'vitest';
import { answer } from '../commands/answers';
import { reorder } from '../commands/objects';
import { ShapeIndex } from '../store/shapeIndex';
import { TestWorkspace } from '../testing/testWorkspace';

/** The same row of numbers for the same seed (mulberry32). */
function random(seed: number): (most: number) => number {
  let state = seed;
  return most => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
}

const acts: readonly ((ws: TestWorkspace, pick: (most: number) => number) => void)[] = [
  (ws, pick) => void ws.with('box').drag([pick(100), pick(80)], [pick(100), pick(80)]),
  (ws, pick) => void ws.with('polygon').click(pick(100), pick(80)).click(pick(100), pick(80)).click(pick(100), pick(80)).key('enter'),
  (ws, pick) => void ws.with('polyline').click(pick(100), pick(80)).click(pick(100), pick(80)).key('enter'),
  (ws, pick) => void ws.with('point').click(pick(100), pick(80)),
  (ws, pick) => void ws.with(undefined).drag([pick(100), pick(80)], [pick(120), pick(90)]),
  (ws, pick) => void ws.with(undefined).click(pick(100), pick(80)).click(pick(100), pick(80), { shift: true }),
  (ws, pick) => void ws.with(undefined).double(pick(100), pick(80)),
  (ws, pick) => void ws.down(pick(100), pick(80)).move(pick(100), pick(80)).key('esc').up(0, 0),
  ws => void ws.key('tab').key('nextHandle', 2).key('left', 3),
  ws => void ws.key('tab').key('nextHandle').key('delete'),
  ws => void ws.key('tab').key('delete'),
  (ws, pick) => void ws.key('tab').key(pick(2) ? 'up' : 'right', 4),
  ws => void ws.key('copy').key('paste'),
  ws => void ws.key('duplicate').reclass('house'),
  ws => void ws.key('tab').reclass('boat'),
  (ws, pick) => reorder(ws, pick(2) ? 'front' : 'back'),
  (ws, pick) => answer(ws, ws.state.document.objects[pick(5)]?.id, 'wet', ['yes']),
  (ws, pick) => answer(ws, undefined, 'usable', pick(2) ? ['yes'] : null),
];

test('any row of gestures: undo leads back through the very same documents, redo forth again', () => {
  for (let seed = 1; seed <= 150; seed++) {
    const pick = random(seed);
    const ws = new TestWorkspace();
    const empty = ws.state.document;
    const index = new ShapeIndex(ws.ontology);
    for (let i = 0; i < 25; i++) acts[pick(acts.length)]!(ws, pick);
    ws.with(undefined);
    const end = ws.state.document;
    const back = [end];
    while (ws.state.canUndo) {
      ws.undo();
      back.push(ws.state.document);
      // The index that followed the differences knows what an index that is built anew knows.
      index.follow(ws.state.document);
      const fresh = new ShapeIndex(ws.ontology);
      fresh.follow(ws.state.document);
      const all = { x: -1, y: -1, w: 102, h: 82 };
      expect(index.within(all)).toEqual(fresh.within(all));
    }
    expect(ws.state.document, `seed ${seed}`).toEqual(empty);
    for (const expected of back.slice(0, -1).reverse()) {
      ws.redo();
      expect(ws.state.document, `seed ${seed}`).toEqual(expected);
    }
    expect(ws.state.canRedo).toBe(false);
    for (const object of end.objects) expect(ws.kindOf(object)).toBeDefined();
  }
});

test('a new edit ends what could be done again', () => {
  const ws = new TestWorkspace().drawn('box', [10, 10], [30, 30]).drawn('point', [50, 50]);
  ws.undo();
  expect(ws.state.canRedo).toBe(true);
  ws.drawn('point', [70, 70]);
  expect(ws.state.canRedo).toBe(false);
  const before = ws.state.document;
  ws.redo();
  expect(ws.state.document).toBe(before);
});

test('no gesture leaves the picture', () => {
  for (let seed = 200; seed <= 260; seed++) {
    const pick = random(seed);
    const ws = new TestWorkspace();
    for (let i = 0; i < 40; i++) acts[pick(acts.length)]!(ws, pick);
    const numbers = JSON.stringify(ws.geometries);
    expect(numbers.includes('null') || numbers.includes('-'), `seed ${seed}: ${numbers}`).toBe(false);
    for (const geometry of ws.geometries) {
      const { x = 0, y = 0, w = 0, h = 0 } = geometry as Partial<Record<'x' | 'y' | 'w' | 'h', number>>;
      expect(x + w <= 100 && y + h <= 80, `seed ${seed}: ${JSON.stringify(geometry)}`).toBe(true);
    }
  }
});
