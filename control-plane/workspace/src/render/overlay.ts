import {
  boundsOf, isPrediction, objectOf, rectBetween, shapeKind, toScreen, type Difference, type Geometry, type ImagePoint, type LabelDocument, type LabelObject, type Rect,
  type ScreenPoint, type Size, type View, type Workspace,
} from '../engine';
import { colourOf } from './palette';
import { paintHandle, paintPath, pathOf, type Brush } from './paint';

/** A word beside a shape. */
export interface Tag {
  readonly at: ScreenPoint;
  readonly text: string;
  readonly tone: 'plain' | 'added' | 'removed' | 'moved';
  readonly colour?: string;
}

/** The words that the overlay says; they come from the catalogue. */
export interface OverlayWords {
  readonly nameOf: (object: LabelObject) => string;
  readonly added: string;
  readonly removed: string;
  readonly changed: string;
}

/** Beyond this many shapes names only cover what is looked at. */
const mostTags = 60;
const marks = { added: '#1a9e4b', removed: '#d93a2b', moved: '#1f6fd6' } as const;

/** What lies over the tiles: of the person's own document, of the label that is judged, or of both against each other. */
export interface OverlayView {
  readonly document: LabelDocument;
  /** Of another document than the person's own: nothing of it can be taken hold of. */
  readonly fixed: boolean;
  readonly differences: readonly Difference[];
}

/** Paints what changes with the pointer: hover, selection, the shape in hand, and the differences of a review. Returns the words to be shown. */
export function paintOverlay(brush: Brush, ws: Workspace, stage: Size, ratio: number, words: OverlayWords, shown: OverlayView): Tag[] {
  brush.setTransform(ratio, 0, 0, ratio, 0, 0);
  brush.clearRect(0, 0, stage.width, stage.height);
  const tags: Tag[] = [];
  const { state } = ws;
  const one = (id: string, how: 'hover' | 'plain' | 'selected') => paintOne(brush, ws, shown, id, how, words, tags);
  if (state.hover !== undefined && !state.selection.has(state.hover)) one(state.hover, 'hover');
  for (const id of state.preview.keys()) if (!state.selection.has(id)) one(id, 'plain');
  for (const id of state.selection) if (!state.hidden.has(id)) one(id, 'selected');
  paintDifferences(brush, ws, shown.differences, words, tags);
  if (!state.drawing && !shown.fixed) paintHandles(brush, ws);
  paintInHand(brush, ws, stage);
  return tags;
}

function paintOne(brush: Brush, ws: Workspace, { document, differences }: OverlayView, id: string, how: 'hover' | 'plain' | 'selected', words: OverlayWords, tags: Tag[]): void {
  const { preview, view, selection } = ws.state;
  const object = objectOf(document, id);
  const kind = object && ws.kindOf(object);
  if (!object || !kind) return;
  const geometry = preview.get(id) ?? object.geometry;
  const colour = colourOf(ws.ontology, object.tool);
  paintPath(brush, pathOf(kind, geometry, view), { colour, dashed: isPrediction(object), filled: shapeKind(kind).filled }, how !== 'plain', !preview.has(id));
  // A difference says its own word.
  const told = differences.some(difference => difference.kind !== 'answers' && (difference.kind === 'removed' ? difference.before : difference.after).id === id);
  if (how === 'plain' || told || preview.has(id) || (how === 'selected' && selection.size > mostTags)) return;
  tags.push({ at: above(boundsOf(kind, geometry), view), text: words.nameOf(object), tone: 'plain', colour });
}

function paintHandles(brush: Brush, ws: Workspace): void {
  const only = ws.onlySelected();
  if (!only || ws.movable().length === 0) return;
  const { preview, view, handle } = ws.state;
  const colour = colourOf(ws.ontology, only.object.tool);
  const handles = shapeKind(only.kind).handles(preview.get(only.object.id) ?? only.object.geometry);
  const crowded = handles.length > 400;
  for (const [index, one] of handles.entries()) {
    if (crowded && one.role === 'middle') continue;
    const at = toScreen(view, one.at);
    paintHandle(brush, at.x, at.y, one.role === 'middle', index === handle, colour);
  }
}

function paintInHand(brush: Brush, ws: Workspace, stage: Size): void {
  const { tool, drawing, cursor, byKeys, selection, view } = ws.state;
  if (tool.marquee && cursor) {
    const a = toScreen(view, tool.marquee);
    const { x, y, w, h } = rectBetween(a, toScreen(view, cursor));
    brush.fillStyle = 'rgb(255 255 255 / 0.12)';
    brush.fillRect(x, y, w, h);
    brush.lineWidth = 1;
    brush.strokeStyle = 'rgb(0 0 0 / 0.7)';
    brush.strokeRect(x + 0.5, y + 0.5, w, h);
    brush.setLineDash([4, 4]);
    brush.strokeStyle = '#fff';
    brush.strokeRect(x + 0.5, y + 0.5, w, h);
    brush.setLineDash([]);
  }
  // With the select tool the keys' crosshair is there while there is nothing else that they move.
  if (cursor && (drawing || (byKeys && selection.size === 0)) && !ws.readOnly) paintCrosshair(brush, toScreen(view, cursor), stage);
  const { inHand } = tool;
  if (!inHand || !drawing || !cursor) return;
  const colour = colourOf(ws.ontology, drawing.id);
  const points = [...inHand.points, cursor];
  const made = inHand.kind === 'box' ? shapeKind('box').fromPoints(points) : undefined;
  paintPath(brush, inHandPath(points, made, view), { colour, dashed: false, filled: inHand.kind !== 'polyline' });
  for (const [index, point] of inHand.points.entries()) {
    const at = toScreen(view, point);
    // The first point of a polygon closes it.
    const closes = index === 0 && inHand.kind === 'polygon' && inHand.points.length >= 3;
    paintHandle(brush, at.x, at.y, false, closes, colour);
  }
}

function inHandPath(points: readonly ImagePoint[], box: Geometry | undefined, view: View): Path2D {
  if (box) return pathOf('box', box, view);
  const open = { points: points.map(point => [point.x, point.y] as const) };
  return pathOf('polyline', open, view);
}

function paintCrosshair(brush: Brush, at: ScreenPoint, stage: Size): void {
  const x = Math.round(at.x) + 0.5;
  const y = Math.round(at.y) + 0.5;
  const cross = new Path2D();
  cross.moveTo(0, y);
  cross.lineTo(stage.width, y);
  cross.moveTo(x, 0);
  cross.lineTo(x, stage.height);
  brush.lineWidth = 1;
  brush.strokeStyle = 'rgb(0 0 0 / 0.5)';
  brush.stroke(cross);
  brush.setLineDash([4, 4]);
  brush.strokeStyle = 'rgb(255 255 255 / 0.9)';
  brush.stroke(cross);
  brush.setLineDash([]);
}

function paintDifferences(brush: Brush, ws: Workspace, differences: readonly Difference[], words: OverlayWords, tags: Tag[]): void {
  const { view } = ws.state;
  for (const one of differences) {
    if (one.kind === 'answers') continue;
    const shown = one.kind === 'removed' ? one.before : one.after;
    const kind = ws.kindOf(shown);
    if (!kind) continue;
    if (one.kind === 'changed' && one.moved) outline(brush, pathOf(kind, one.before.geometry, view), marks.moved, [3, 5]);
    const tone = one.kind === 'changed' ? 'moved' : one.kind;
    outline(brush, pathOf(kind, shown.geometry, view), marks[tone], one.kind === 'removed' ? [8, 5] : []);
    if (tags.length < mostTags) tags.push({ at: above(boundsOf(kind, shown.geometry), view), text: one.kind === 'changed' ? words.changed : words[one.kind], tone });
  }
}

function outline(brush: Brush, path: Path2D, colour: string, dash: number[]): void {
  brush.setLineDash([]);
  brush.lineWidth = 6;
  brush.strokeStyle = 'rgb(255 255 255 / 0.85)';
  brush.stroke(path);
  brush.setLineDash(dash);
  brush.lineWidth = 3;
  brush.strokeStyle = colour;
  brush.stroke(path);
  brush.setLineDash([]);
}

const above = (bounds: Rect, view: View): ScreenPoint => {
  const at = toScreen(view, { x: bounds.x, y: bounds.y } as ImagePoint);
  return { x: at.x, y: at.y } as ScreenPoint;
};
