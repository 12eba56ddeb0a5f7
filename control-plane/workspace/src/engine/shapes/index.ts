import type { Rect, Size } from '../geometry';
import type { LabelObject } from '../model/document';
import type { Geometry } from '../model/geometry';
import type { OntologyIndex } from '../model/ontology-index';
import { box } from './box';
import { point } from './point';
import { polygon } from './polygon';
import { polyline } from './polyline';
import { drawnKinds, type DrawnKind, type Fault, type ShapeKind } from './shapeKind';

export { handleAfter } from './box';
export * from './shapeKind';

const kinds = { box, polygon, polyline, point } as const;

export const isDrawn = (kind: string | undefined): kind is DrawnKind => (drawnKinds as readonly string[]).includes(kind ?? '');

/** The record of a kind; the geometry's form is said by the kind of its tool. */
export const shapeKind = (kind: DrawnKind): ShapeKind<Geometry> => kinds[kind] as unknown as ShapeKind<Geometry>;

/** The drawn kind of an object; unset when its class draws something that is not edited here. */
export function drawnKindOf(ontology: OntologyIndex, object: LabelObject): DrawnKind | undefined {
  const kind = ontology.tool(object.tool)?.kind;
  return isDrawn(kind) ? kind : undefined;
}

const faults = new WeakMap<Geometry, { readonly picture: Size; readonly fault: Fault | undefined }>();

/** Why the server would refuse the geometry; remembered, since a geometry never changes. */
export function faultOf(kind: DrawnKind, geometry: Geometry, picture: Size): Fault | undefined {
  const known = faults.get(geometry);
  if (known && known.picture.width === picture.width && known.picture.height === picture.height) return known.fault;
  const fault = shapeKind(kind).fault(geometry, picture);
  faults.set(geometry, { picture, fault });
  return fault;
}

const extents = new WeakMap<Geometry, Rect>();

/** Bounding box, remembered. */
export function boundsOf(kind: DrawnKind, geometry: Geometry): Rect {
  let bounds = extents.get(geometry);
  if (!bounds) {
    bounds = shapeKind(kind).bounds(geometry);
    extents.set(geometry, bounds);
  }
  return bounds;
}
