import type { OntologyIndex } from '../engine';

/** Twelve colours that colour-blind people tell apart on photographs (Okabe–Ito and Tol, alternating light and dark). */
const palette = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7', '#88ccee', '#117733', '#ddcc77', '#aa4499', '#ffffff'] as const;

/** The colour of a class: its own, else the palette's by its place in the ontology. */
export const colourOf = (ontology: OntologyIndex, toolId: string): string =>
  ontology.tool(toolId)?.color ?? palette[Math.max(0, ontology.positionOf(toolId)) % palette.length] ?? palette[0];
