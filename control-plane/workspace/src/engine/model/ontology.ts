/** What a tool draws. */
export type ToolKind =
  | 'box' | 'rotated-box' | 'ellipse' | 'polygon' | 'polyline' | 'point' | 'pose' | 'mask'
  | 'cuboid' | 'span' | 'region' | 'page-box';

export type ChoiceKind = 'single' | 'multiple' | 'dropdown' | 'ranking';
export type QuestionKind = ChoiceKind | 'text' | 'number' | 'date' | 'rating' | 'transcription';

export interface Option {
  readonly id: string;
  readonly text: string;
  /** Asked only while this option is chosen; to any depth. */
  readonly questions?: readonly Question[];
}

interface QuestionBase {
  readonly id: string;
  readonly text: string;
  /** Unset: not required. */
  readonly required?: boolean;
}

export interface ChoiceQuestion extends QuestionBase {
  readonly kind: ChoiceKind;
  readonly options: readonly Option[];
}

export interface NumberQuestion extends QuestionBase {
  readonly kind: 'number';
  readonly min?: number | null;
  readonly max?: number | null;
  readonly step?: number | null;
  readonly unit?: string | null;
}

/** A whole number from 1 to `max` (unset: 5). */
export interface RatingQuestion extends QuestionBase {
  readonly kind: 'rating';
  readonly max?: number | null;
}

export interface WrittenQuestion extends QuestionBase {
  readonly kind: 'text' | 'date' | 'transcription';
}

export type Question = ChoiceQuestion | NumberQuestion | RatingQuestion | WrittenQuestion;

/** A class that objects can have, and how they are drawn. */
export interface Tool {
  readonly id: string;
  readonly kind: ToolKind;
  readonly name: string;
  /** CSS colour; unset: the next of the palette. */
  readonly color?: string | null;
  /** The key that chooses the class; unset: the next free digit. */
  readonly key?: string | null;
  /** Least number of objects; unset: 0. */
  readonly min?: number | null;
  /** Greatest number of objects; unset or null: no limit. */
  readonly max?: number | null;
  readonly questions?: readonly Question[];
  /** On video: objects move through frames. */
  readonly track?: boolean;
  /** Pose only. */
  readonly keypoints?: readonly string[];
  /** Pose only: pairs of keypoint names that a line joins. */
  readonly skeleton?: readonly (readonly [string, string])[];
}

export interface RelationKind {
  readonly id: string;
  readonly name: string;
  /** Tools that it may start from. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly directed: boolean;
}

export interface Ontology {
  readonly tools: readonly Tool[];
  readonly questions?: readonly Question[];
  readonly relations?: readonly RelationKind[];
}

export const isChoice = (question: Question): question is ChoiceQuestion =>
  question.kind === 'single' || question.kind === 'multiple' || question.kind === 'dropdown' || question.kind === 'ranking';
