import type { ImagePoint } from '../geometry';
import type { DrawnKind } from '../shapes';
import type { Workspace } from '../store/workspace';

/** What the next click does; the words are the catalogue's. */
export type Hint =
  | 'select' | 'select.moving' | 'select.reshaping' | 'select.marquee' | 'select.corner' | 'select.vertex' | 'readOnly'
  | 'box.first' | 'box.second' | 'polygon.first' | 'polygon.more' | 'polygon.close' | 'polyline.first' | 'polyline.more' | 'polyline.end' | 'point';

/** The pointer, or the crosshair that keys move, in picture pixels. */
export interface Pointer {
  readonly at: ImagePoint;
  /** Half the width of what a click means, in picture pixels; 0 for keys, which are exact. */
  readonly reach: number;
  readonly shift?: boolean;
  readonly alt?: boolean;
}

/** A shape that is being drawn: its points so far. The next one is the pointer. */
export interface InHand {
  readonly kind: DrawnKind;
  readonly points: readonly ImagePoint[];
}

/** One state of a tool. An act returns the state that follows; nothing means that it stays. */
export interface ToolState {
  /** Such as `box.drawing`; unique. */
  readonly path: string;
  hint(workspace: Workspace): Hint;
  /** A gesture is under way: undo and other commands wait for its end. */
  readonly gesture?: boolean;
  readonly inHand?: InHand;
  /** The selection rectangle begins here. */
  readonly marquee?: ImagePoint;
  pointerDown?(workspace: Workspace, pointer: Pointer): ToolState | undefined;
  pointerMove?(workspace: Workspace, pointer: Pointer): ToolState | undefined;
  pointerUp?(workspace: Workspace, pointer: Pointer): ToolState | undefined;
  doubleClick?(workspace: Workspace, pointer: Pointer): ToolState | undefined;
  /** Enter. */
  complete?(workspace: Workspace): ToolState | undefined;
  /** Esc: leaves the gesture without a trace. */
  cancel?(workspace: Workspace): ToolState | undefined;
  /** Backspace and undo: the last point goes. */
  back?(workspace: Workspace): ToolState | undefined;
  /** Redo: the point that went comes back. */
  forward?(workspace: Workspace): ToolState | undefined;
}

