import { shapeKind, type DrawnKind, type Geometry, type View } from '../engine';

/** Everything that decides how a shape looks. */
export interface Look {
  readonly colour: string;
  /** A prediction that nobody has accepted yet. */
  readonly dashed: boolean;
  readonly filled: boolean;
}

export type Brush = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

const dash = [7, 5];
/** Widths in CSS pixels: the colour, a white hairline beside it, a dark one outside, so that the outline reads on any ground. */
const lines = { plain: [2, 3.2, 4.6], selected: [3, 4.4, 6] } as const;

export function pathOf(kind: DrawnKind, geometry: Geometry, view: View): Path2D {
  const path = new Path2D();
  shapeKind(kind).trace(geometry, path, view);
  return path;
}

/** Paints one path: the fill, then the outline. `over`: it lies over its own tile, whose fill is there already. */
export function paintPath(brush: Brush, path: Path2D, { colour, dashed, filled }: Look, selected = false, over = false): void {
  if (filled) {
    brush.globalAlpha = over ? 0.06 : selected ? 0.18 : 0.12;
    brush.fillStyle = colour;
    brush.fill(path, 'nonzero');
    brush.globalAlpha = 1;
  }
  const [own, white, dark] = selected ? lines.selected : lines.plain;
  brush.lineJoin = 'round';
  brush.lineCap = 'round';
  brush.setLineDash([]);
  brush.strokeStyle = 'rgb(0 0 0 / 0.55)';
  brush.lineWidth = dark;
  brush.stroke(path);
  brush.strokeStyle = 'rgb(255 255 255 / 0.75)';
  brush.lineWidth = white;
  brush.stroke(path);
  if (dashed) brush.setLineDash(dash);
  brush.strokeStyle = colour;
  brush.lineWidth = own;
  brush.stroke(path);
  brush.setLineDash([]);
}

/** A handle of 8 px: square for corners and vertices, a smaller round one in the middle of an edge. */
export function paintHandle(brush: Brush, x: number, y: number, middle: boolean, chosen: boolean, colour: string): void {
  brush.beginPath();
  if (middle) brush.arc(x, y, 3, 0, 2 * Math.PI);
  else brush.rect(x - 4, y - 4, 8, 8);
  brush.fillStyle = chosen ? colour : middle ? 'rgb(255 255 255 / 0.8)' : '#fff';
  brush.fill();
  brush.lineWidth = chosen ? 2 : 1;
  brush.strokeStyle = chosen ? '#fff' : 'rgb(0 0 0 / 0.85)';
  brush.stroke();
  if (!chosen) return;
  brush.lineWidth = 1;
  brush.strokeStyle = 'rgb(0 0 0 / 0.85)';
  brush.strokeRect(x - 5.5, y - 5.5, 11, 11);
}
