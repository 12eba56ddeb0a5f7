import type { GeographicGeometry, Geometry } from './geometry';

export const labelSchema = 'hybrid.label/1';

/**
 * Choices (single, multiple, dropdown, ranking): option ids. Text, date (`YYYY-MM-DD`), transcription: a string.
 * Number, rating: a number.
 */
export type AnswerValue = readonly string[] | string | number;

/** By question id; nested questions stand beside their parents, since ids are unique in the ontology. */
export type Answers = Readonly<Record<string, AnswerValue>>;

/** Who made an object. Unset on an object: a human drew it. */
export interface Origin {
  readonly by: 'human' | 'model' | 'import' | 'correction';
  readonly model?: string;
  /** 0 to 1. */
  readonly confidence?: number;
  /** True once a human changed what the model or import gave. */
  readonly edited?: boolean;
}

export interface LabelObject {
  /** UUIDv7, kept through every version. */
  readonly id: string;
  /** The id of its tool (class) in the ontology. */
  readonly tool: string;
  readonly geometry: Geometry;
  readonly answers: Answers;
  readonly origin?: Origin;
  /** Beside the pixel geometry when the raster has no transform. */
  readonly geographic?: GeographicGeometry;
}

export interface Relation {
  readonly id: string;
  readonly relation: string;
  readonly from: string;
  readonly to: string;
}

/** One person's work on one asset. Immutable: an edit makes a new document that shares what did not change. */
export interface LabelDocument {
  readonly schema: typeof labelSchema;
  readonly ontologyVersion: number;
  readonly answers: Answers;
  readonly objects: readonly LabelObject[];
  readonly relations: readonly Relation[];
}

/** A document as it may have been written: a program leaves out what it has nothing to say about. */
export interface WrittenDocument extends Pick<LabelDocument, 'schema' | 'ontologyVersion'> {
  readonly answers?: Answers;
  readonly objects?: readonly (Omit<LabelObject, 'answers'> & { readonly answers?: Answers })[];
  readonly relations?: readonly Relation[];
}

/** The same with everything in its place, as this side always has it. */
export const whole = (written: WrittenDocument): LabelDocument => ({
  ...written,
  answers: written.answers ?? {},
  objects: (written.objects ?? []).map(object => ({ ...object, answers: object.answers ?? {} })),
  relations: written.relations ?? [],
});

export const emptyDocument = (ontologyVersion: number): LabelDocument => ({
  schema: labelSchema,
  ontologyVersion,
  answers: {},
  objects: [],
  relations: [],
});

const indexes = new WeakMap<readonly LabelObject[], ReadonlyMap<string, number>>();

function indexOf(objects: readonly LabelObject[]): ReadonlyMap<string, number> {
  let index = indexes.get(objects);
  if (!index) {
    index = new Map(objects.map((object, at) => [object.id, at]));
    indexes.set(objects, index);
  }
  return index;
}

/** Where the object stands in the document; `-1` when it isn't there. */
export const positionOf = (document: LabelDocument, id: string): number => indexOf(document.objects).get(id) ?? -1;

export const objectOf = (document: LabelDocument, id: string): LabelObject | undefined =>
  document.objects[positionOf(document, id)];

/** True for what a model proposed and nobody has touched: drawn dashed. */
export const isPrediction = (object: LabelObject): boolean =>
  object.origin?.by === 'model' && object.origin.edited !== true;

/** What a human changed is no longer the word of a model or an import alone. */
export const asEdited = (object: LabelObject): LabelObject =>
  object.origin && object.origin.by !== 'human' ? { ...object, origin: { ...object.origin, edited: true } } : object;

export const withGeometry = (object: LabelObject, geometry: Geometry): LabelObject =>
  object.geometry === geometry ? object : asEdited({ ...object, geometry });
