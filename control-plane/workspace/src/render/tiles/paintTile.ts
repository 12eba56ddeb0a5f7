import { boundsOf, isPrediction, rectsTouch, shapeKind, type DrawnKind, type LabelObject, type View } from '../../engine';
import { paintPath, type Brush, type Look } from '../paint';
import { paintMargin, tileRect, type TileAddress } from './tileGrid';

export interface TileShapes {
  readonly kindOf: (object: LabelObject) => DrawnKind | undefined;
  readonly colourOf: (object: LabelObject) => string;
}

/** Shapes that look alike, to be painted as one path. */
export interface Batch { readonly look: Look; readonly objects: readonly { readonly object: LabelObject; readonly kind: DrawnKind }[] }

/** One batch a look, in the order in which looks first appear. */
export function batchesOf(objects: readonly LabelObject[], { kindOf, colourOf }: TileShapes): Batch[] {
  const batches = new Map<string, { look: Look; objects: { object: LabelObject; kind: DrawnKind }[] }>();
  for (const object of objects) {
    const kind = kindOf(object);
    if (!kind) continue;
    const look: Look = { colour: colourOf(object), dashed: isPrediction(object), filled: shapeKind(kind).filled };
    const key = `${look.colour} ${look.dashed} ${look.filled}`;
    const batch = batches.get(key);
    if (batch) batch.objects.push({ object, kind });
    else batches.set(key, { look, objects: [{ object, kind }] });
  }
  return [...batches.values()];
}

/** Paints the shapes of one tile: one path a look. */
export function paintTile(brush: Brush, address: TileAddress, scale: number, ratio: number, objects: readonly LabelObject[], shapes: TileShapes): void {
  const rect = tileRect(address, scale);
  const by = paintMargin / scale;
  const around = { x: rect.x - by, y: rect.y - by, w: rect.w + 2 * by, h: rect.h + 2 * by };
  const view: View = { scale, left: -rect.x * scale, top: -rect.y * scale };
  brush.setTransform(ratio, 0, 0, ratio, 0, 0);
  for (const { look, objects: alike } of batchesOf(objects, shapes)) {
    const path = new Path2D();
    for (const { object, kind } of alike) {
      if (rectsTouch(boundsOf(kind, object.geometry), around)) shapeKind(kind).trace(object.geometry, path, view);
    }
    paintPath(brush, path, look);
  }
}
