import { distance, snapPoint, type ImagePoint } from '../../geometry';
import type { BoxGeometry, Geometry } from '../../model/geometry';
import { handleAfter, shapeKind } from '../../shapes';
import type { HeldHandle, Workspace } from '../../store/workspace';
import type { Pointer, ToolState } from '../tool';
import { selectIdle } from './idle';

/** A handle follows the pointer. Pressed without being moved it becomes the chosen one, which keys move and delete. */
export function draggingHandle(ws: Workspace, held: HeldHandle, from: Pointer): ToolState {
  const shape = shapeKind(held.kind);
  // A middle becomes a vertex as soon as it is taken.
  const inserted = held.handle.role === 'middle' ? shape.withVertex?.(held.object.geometry, held.handle.at) : undefined;
  const geometry: Geometry = inserted?.geometry ?? held.object.geometry;
  const handle = inserted?.handle ?? held.index;
  // Where in the handle it was pressed must not make it jump.
  const off = { x: held.handle.at.x - from.at.x, y: held.handle.at.y - from.at.y };
  const keeps = held.handle.role === 'corner' && held.kind === 'box' ? geometry as BoxGeometry : undefined;
  let moved = false;
  ws.chooseHandle(inserted ? undefined : handle);
  const state: ToolState = {
    path: 'select.draggingHandle',
    hint: () => 'select.reshaping',
    gesture: true,
    pointerMove(ws, pointer) {
      if (!moved && distance(from.at, pointer.at) <= pointer.reach / 4) return undefined;
      moved = true;
      const free = { x: pointer.at.x + off.x, y: pointer.at.y + off.y } as ImagePoint;
      const to = snapPoint(keeps && pointer.shift ? onDiagonal(keeps, handle, free) : free, ws.size, pointer.reach / 2);
      ws.preview([[held.object.id, shape.withHandle(geometry, handle, to)]]);
      if (held.kind === 'box') ws.chooseHandle(handleAfter(geometry as BoxGeometry, handle, to));
      return undefined;
    },
    pointerUp(ws) {
      ws.commitPreview(inserted ? 'insertVertex' : 'reshape');
      if (inserted && moved) ws.chooseHandle(handle);
      return selectIdle;
    },
    cancel(ws) {
      ws.preview([]);
      ws.chooseHandle(undefined);
      return selectIdle;
    },
  };
  return state;
}

/** The place of a corner that keeps the box's proportions. */
function onDiagonal({ x, y, w, h }: BoxGeometry, corner: number, to: ImagePoint): ImagePoint {
  const left = corner === 0 || corner === 6;
  const up = corner === 0 || corner === 2;
  const across = { x: left ? x + w : x, y: up ? y + h : y };
  const by = Math.max(Math.abs(to.x - across.x) / Math.max(w, 1), Math.abs(to.y - across.y) / Math.max(h, 1));
  return { x: across.x + (left ? -1 : 1) * by * w, y: across.y + (up ? -1 : 1) * by * h } as ImagePoint;
}
