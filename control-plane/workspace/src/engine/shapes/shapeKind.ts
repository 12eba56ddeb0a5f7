import type { ImagePoint, Rect, Size } from '../geometry';
import type { View } from '../view/view';

/** Kinds that can be drawn and changed on a picture; objects of other kinds are kept as they are. */
export const drawnKinds = ['box', 'polygon', 'polyline', 'point'] as const;
export type DrawnKind = (typeof drawnKinds)[number];

/** What can be taken hold of. A `middle` stands on an edge and becomes a vertex when it is dragged. */
export interface Handle {
  readonly at: ImagePoint;
  readonly role: 'corner' | 'side' | 'vertex' | 'middle';
  /** The way that the pointer shows it moves; unset: any. */
  readonly way?: 'ns' | 'ew' | 'nesw' | 'nwse';
}

/** Why the server would refuse a geometry. */
export type Fault = 'outside' | 'flat' | 'few' | 'crossing';

/** The part of a path that shapes are traced on: `Path2D` has it, and so has a recorder in a test. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
  rect(x: number, y: number, w: number, h: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
}

/** Everything that is to be known of a kind of shape: one record a kind. */
export interface ShapeKind<G> {
  /** Whether it has an inside that is filled. */
  readonly filled: boolean;
  bounds(geometry: G): Rect;
  /** Exact, after the bounding box was tried. `reach` in picture pixels. */
  hits(geometry: G, at: ImagePoint, reach: number): boolean;
  handles(geometry: G): readonly Handle[];
  moved(geometry: G, dx: number, dy: number): G;
  /** The handle stands at `to`. A `middle` must have become a vertex before. */
  withHandle(geometry: G, handle: number, to: ImagePoint): G;
  /** A new vertex on the edge that is nearest to `at`, and its handle. */
  withVertex?(geometry: G, at: ImagePoint): { readonly geometry: G; readonly handle: number; readonly distance: number } | undefined;
  /** Without a vertex; nothing when too few would be left. */
  withoutVertex?(geometry: G, handle: number): G | undefined;
  /** What is drawn by these points so far; nothing while there are too few. */
  fromPoints(points: readonly ImagePoint[]): G | undefined;
  fault(geometry: G, picture: Size): Fault | undefined;
  /** Its outline on the stage (or on a tile), in CSS pixels. Outer rings run clockwise and holes against it, so that shapes of one path unite when filled `nonzero`. */
  trace(geometry: G, pen: Pen, view: View): void;
}

/** How far from its place the mark of a point reaches, in CSS pixels. */
export const pointRadius = 5;
