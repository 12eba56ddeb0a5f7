import type { ImagePoint, Size } from '../geometry';
import type { LabelDocument } from '../model/document';
import type { Geometry } from '../model/geometry';
import type { Tool } from '../model/ontology';
import type { ToolState } from '../tools/tool';
import type { View } from '../view/view';

/** Everything that is on the screen; a new object at each change, which shares what did not change. */
export interface WorkspaceState {
  readonly document: LabelDocument;
  readonly selection: ReadonlySet<string>;
  /** The handle of the only selected object that keys move. */
  readonly handle: number | undefined;
  /** The class that is drawn with; unset: the select tool. */
  readonly drawing: Tool | undefined;
  readonly tool: ToolState;
  /** Geometries of the gesture in hand; the document has them at its end. */
  readonly preview: ReadonlyMap<string, Geometry>;
  /** The pointer, or the crosshair that keys move; unset while the pointer is elsewhere. */
  readonly cursor: ImagePoint | undefined;
  /** The crosshair was moved by keys: it is shown with every tool. */
  readonly byKeys: boolean;
  readonly hover: string | undefined;
  readonly hidden: ReadonlySet<string>;
  readonly locked: ReadonlySet<string>;
  readonly view: View;
  /** Size of the stage in CSS pixels. */
  readonly stage: Size;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && [...a].every(one => b.has(one));

/** The set with these in it, or without them. */
export function toggled(set: ReadonlySet<string>, ids: Iterable<string>, on: boolean): ReadonlySet<string> {
  const next = new Set(set);
  for (const id of ids) if (on) next.add(id); else next.delete(id);
  return next;
}
