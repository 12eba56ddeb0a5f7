import type { Rect, Size, View } from '../../engine';

/** One square of the plane at one scale. Columns and rows count from the picture's top-left corner. */
export interface TileAddress {
  readonly column: number;
  readonly row: number;
}

/** CSS pixels of a tile's side. */
export const tileSide = 256;
/** So far beside its bounding box a shape paints, in CSS pixels: half its widest line, or a point's mark. */
export const paintMargin = 9;

export const keyOf = ({ column, row }: TileAddress): string => `${column}:${row}`;

/** The part of the picture that a tile shows, in picture pixels. */
export const tileRect = ({ column, row }: TileAddress, scale: number): Rect => {
  const side = tileSide / scale;
  return { x: column * side, y: row * side, w: side, h: side };
};

/** The tiles that a rectangle of the picture lies on, shapes' lines included. */
export function tilesUnder(rect: Rect, scale: number, margin = paintMargin): TileAddress[] {
  const side = tileSide / scale;
  const by = margin / scale;
  const tiles: TileAddress[] = [];
  for (let row = Math.floor((rect.y - by) / side); row <= Math.floor((rect.y + rect.h + by) / side); row++) {
    for (let column = Math.floor((rect.x - by) / side); column <= Math.floor((rect.x + rect.w + by) / side); column++) tiles.push({ column, row });
  }
  return tiles;
}

/** The tiles that the stage shows of a picture, nearest to the middle of the stage first. Shapes never leave the picture, so nothing beside it is a tile. */
export function visibleTiles(view: View, stage: Size, picture: Size): TileAddress[] {
  const left = Math.max(-view.left / view.scale, -paintMargin / view.scale);
  const top = Math.max(-view.top / view.scale, -paintMargin / view.scale);
  const right = Math.min((stage.width - view.left) / view.scale, picture.width + paintMargin / view.scale);
  const bottom = Math.min((stage.height - view.top) / view.scale, picture.height + paintMargin / view.scale);
  if (right <= left || bottom <= top) return [];
  return nearestFirst(tilesUnder({ x: left, y: top, w: right - left, h: bottom - top }, view.scale, 0), {
    x: (stage.width / 2 - view.left) / tileSide, y: (stage.height / 2 - view.top) / tileSide,
  });
}

/** Sorted by the distance of their middle from a point, in tiles. */
export const nearestFirst = (tiles: readonly TileAddress[], to: { readonly x: number; readonly y: number }): TileAddress[] =>
  tiles.toSorted((a, b) => far(a, to) - far(b, to));

const far = ({ column, row }: TileAddress, to: { readonly x: number; readonly y: number }): number => (column + 0.5 - to.x) ** 2 + (row + 0.5 - to.y) ** 2;
