import { CircleDot, Pentagon, Spline, Square, type LucideIcon } from 'lucide-react';
import type { DrawnKind } from '../../engine';

export const kindIcons: Readonly<Record<DrawnKind, LucideIcon>> = { box: Square, polygon: Pentagon, polyline: Spline, point: CircleDot };
