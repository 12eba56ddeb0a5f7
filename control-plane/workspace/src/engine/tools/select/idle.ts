import { distance } from '../../geometry';
import { shapeKind } from '../../shapes';
import { insertVertexAt, removeVertex } from '../../commands/vertices';
import type { ToolState } from '../tool';
import { draggingHandle } from './draggingHandle';
import { marquee } from './marquee';
import { pointing } from './pointing';

/** Nothing is held. A press takes a handle, a shape, or begins a rectangle. */
export const selectIdle: ToolState = {
  path: 'select.idle',
  hint(ws) {
    if (ws.readOnly) return 'readOnly';
    if (ws.state.handle === undefined) return 'select';
    return ws.onlySelected()?.kind === 'box' ? 'select.corner' : 'select.vertex';
  },

  pointerDown(ws, pointer) {
    const held = ws.handleAt(pointer.at, pointer.reach);
    if (held && pointer.alt && held.handle.role === 'vertex') {
      removeVertex(ws, held.object, held.index);
      return undefined;
    }
    if (held) return draggingHandle(ws, held, pointer);
    const hit = ws.objectAt(pointer.at, pointer.reach);
    if (!hit) return marquee(pointer, ws.state.selection);
    const already = ws.state.selection.has(hit.id);
    if (pointer.shift) ws.select(already ? [...ws.state.selection].filter(id => id !== hit.id) : [...ws.state.selection, hit.id]);
    else if (!already) ws.select([hit.id]);
    return pointing(hit.id, pointer.at, already && !pointer.shift);
  },

  pointerMove(ws, pointer) {
    ws.hover(ws.objectAt(pointer.at, pointer.reach)?.id);
    return undefined;
  },

  doubleClick(ws, pointer) {
    const only = ws.onlySelected();
    // On a vertex the first of the two clicks chose it; on an edge they make a new one.
    const onVertex = only && shapeKind(only.kind).handles(only.object.geometry).some(one => one.role === 'vertex' && distance(one.at, pointer.at) <= pointer.reach);
    if (!onVertex) insertVertexAt(ws, pointer.at, pointer.reach);
    return undefined;
  },
};
