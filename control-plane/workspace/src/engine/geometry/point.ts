declare const space: unique symbol;

interface Point<Space> {
  readonly x: number;
  readonly y: number;
  readonly [space]: Space;
}

/** Pixels of the full-resolution picture: origin at the top-left corner of its top-left pixel, x right, y down. */
export type ImagePoint = Point<'image'>;
/** CSS pixels of the stage: origin at its top-left corner. */
export type ScreenPoint = Point<'screen'>;

export const imagePoint = (x: number, y: number): ImagePoint => ({ x, y }) as ImagePoint;
export const screenPoint = (x: number, y: number): ScreenPoint => ({ x, y }) as ScreenPoint;

/** The distance of two points of the same space. */
export const distance = <Space>(a: Point<Space>, b: Point<Space>): number => Math.hypot(a.x - b.x, a.y - b.y);
