import { expect, test } from 'vitest';
import type { LabelObject, View } from '../../engine';
import { TestWorkspace } from '../../engine/testing/testWorkspace';
import { batchesOf } from './paintTile';
import { keyOf, nearestFirst, tileRect, tilesUnder, tileSide, visibleTiles } from './tileGrid';
import { TileStore } from './tileStore';

const view = (scale: number, left = 0, top = 0): View => ({ scale, left, top });
const stage = { width: 1000, height: 600 };
const picture = { width: 4000, height: 3000 };

test('the tiles that are seen cover what is seen, the middle first', () => {
  for (const one of [view(1), view(0.25, 40, 10), view(3.7, -5000, -4000), view(1, -3500, -2600)]) {
    const tiles = visibleTiles(one, stage, picture);
    const keys = new Set(tiles.map(keyOf));
    expect(keys.size).toBe(tiles.length);
    for (let x = 1; x < stage.width; x += 61) {
      for (let y = 1; y < stage.height; y += 61) {
        const [px, py] = [(x - one.left) / one.scale, (y - one.top) / one.scale];
        if (px < 0 || py < 0 || px >= picture.width || py >= picture.height) continue;
        const side = tileSide / one.scale;
        expect(keys.has(keyOf({ column: Math.floor(px / side), row: Math.floor(py / side) })), `${x} ${y}`).toBe(true);
      }
    }
    const [first] = tiles;
    const { x, y, w, h } = tileRect(first!, one.scale);
    const middle = [(stage.width / 2 - one.left) / one.scale, (stage.height / 2 - one.top) / one.scale] as const;
    const inside = middle[0] >= 0 && middle[0] < picture.width && middle[1] >= 0 && middle[1] < picture.height;
    if (inside) expect(x <= middle[0] && middle[0] <= x + w && y <= middle[1] && middle[1] <= y + h).toBe(true);
  }
});

test('a picture that is not on the stage has no tiles', () => {
  expect(visibleTiles(view(1, 2000, 0), stage, picture)).toEqual([]);
});

test('a line beside a tile still dirties it', () => {
  expect(tilesUnder({ x: 10, y: 10, w: 20, h: 20 }, 1)).toEqual([{ column: 0, row: 0 }]);
  expect(tilesUnder({ x: 10, y: 10, w: 240, h: 20 }, 1).map(keyOf)).toEqual(['0:0', '1:0']);
  expect(tilesUnder({ x: 0, y: 100, w: 5, h: 5 }, 1).map(keyOf)).toEqual(['-1:0', '0:0']);
  expect(tilesUnder({ x: 10, y: 10, w: 20, h: 20 }, 16).map(keyOf)).toEqual(['0:0', '1:0', '0:1', '1:1']);
});

test('only tiles under an edit are painted anew', () => {
  const store = new TileStore<string>(1, 10);
  for (const column of [0, 1, 2]) store.put({ column, row: 0 }, `tile ${column}`);
  expect(store.stateOf({ column: 1, row: 0 })).toBe('fresh');
  store.touch([{ x: 300, y: 20, w: 10, h: 10 }]);
  expect([0, 1, 2, 3].map(column => store.stateOf({ column, row: 0 }))).toEqual(['fresh', 'stale', 'fresh', 'missing']);
  expect(store.get({ column: 1, row: 0 }), 'an untrue tile is shown until the new one is there').toBe('tile 1');
  store.put({ column: 1, row: 0 }, 'tile 1 anew');
  expect(store.stateOf({ column: 1, row: 0 })).toBe('fresh');
});

test('the tile that was not looked at for longest makes room', () => {
  const released: string[] = [];
  const store = new TileStore<string>(1, 3, surface => released.push(surface));
  for (const column of [0, 1, 2]) store.put({ column, row: 0 }, `tile ${column}`);
  store.get({ column: 0, row: 0 });
  store.put({ column: 3, row: 0 }, 'tile 3');
  expect([released, store.size]).toEqual([['tile 1'], 3]);
  store.clear();
  expect(released).toHaveLength(4);
});

test('shapes that look alike are one path: one for each colour, and one more for predictions', () => {
  const ws = new TestWorkspace().drawn('box', [1, 1], [5, 5]).drawn('polyline', [1, 1], [5, 5]).drawn('box', [11, 1], [15, 5]);
  const objects: LabelObject[] = [...ws.state.document.objects, { ...ws.state.document.objects[0]!, id: 'p', origin: { by: 'model' } }, { ...ws.state.document.objects[0]!, id: 'm', tool: 'blob' }];
  const batches = batchesOf(objects, { kindOf: object => ws.kindOf(object), colourOf: object => object.tool });
  expect(batches.map(batch => [batch.look.colour, batch.look.dashed, batch.look.filled, batch.objects.length])).toEqual([
    ['boat', false, true, 2], ['mast', false, false, 1], ['boat', true, true, 1],
  ]);
});

test('the nearest tile comes first', () => {
  expect(nearestFirst([{ column: 5, row: 0 }, { column: 0, row: 0 }, { column: 2, row: 2 }], { x: 2, y: 2 }).map(keyOf)).toEqual(['2:2', '0:0', '5:0']);
});
