import type { NewStep, SamplingPolicy, WorkflowInForce } from '../../api';

/** A step as it stands in the page: figures are texts while they are typed. */
export interface DraftStep {
  /** Of the page alone, so that rows keep their focus when they move. */
  readonly key: string;
  readonly id: string | null;
  readonly kind: 'labeling' | 'review';
  readonly name: string;
  readonly people: readonly string[] | null;
  readonly policy: SamplingPolicy['kind'];
  readonly figures: Readonly<Record<Figure, string>>;
  /** Of the labeling step: how many people answer for an asset. */
  readonly consensus: 'none' | 'fixed' | 'adaptive';
}

export type Figure = 'rate' | 'first' | 'window' | 'threshold' | 'minimum' | 'labelers' | 'share' | 'agreement' | 'most' | 'confidence' | 'accuracy';

/** What each policy asks for, in order. */
export const figuresOf: Readonly<Record<SamplingPolicy['kind'], readonly Figure[]>> = {
  fixed: ['rate'], warmUp: ['first', 'rate'], adaptive: ['first', 'rate', 'threshold', 'window', 'minimum'],
};

/** What consensus asks for, in order. */
export const consensusFigures: Readonly<Record<DraftStep['consensus'], readonly Figure[]>> = {
  none: [], fixed: ['labelers', 'share', 'agreement'], adaptive: ['labelers', 'most', 'share', 'agreement', 'confidence', 'accuracy'],
};

const shares: ReadonlySet<Figure> = new Set(['rate', 'threshold', 'share', 'agreement', 'confidence', 'accuracy']);

const ranges: Readonly<Record<Figure, readonly [number, number]>> = { rate: [0, 100], first: [0, 100_000], window: [1, 1000], threshold: [0, 100], minimum: [1, 1000], labelers: [2, 5], share: [0, 100], agreement: [0, 100], most: [3, 5], confidence: [50, 100], accuracy: [51, 99] };

/** From and to, both included; the minimum is not above the window. */
export const rangeOf = (step: DraftStep, figure: Figure): readonly [number, number] => {
  const [least, most] = ranges[figure];
  const labelers = Number(step.figures.labelers);
  if (figure === 'labelers' && step.consensus === 'adaptive') return [2, 4];
  if (figure === 'most' && Number.isInteger(labelers) && labelers >= 2 && labelers <= 4) return [labelers + 1, most];
  const window = Number(step.figures.window);
  return figure === 'minimum' && Number.isInteger(window) && window >= 1 ? [least, Math.min(most, window)] : [least, most];
};

/** Whether what was typed is a figure in its range; shares may have decimals, counts may not. */
export function isFigure(step: DraftStep, figure: Figure): boolean {
  const text = step.figures[figure].trim();
  const value = Number(text);
  const [least, most] = rangeOf(step, figure);
  return text !== '' && Number.isFinite(value) && value >= least && value <= most && (shares.has(figure) || Number.isInteger(value));
}

/** The figures that a step asks for. */
export const askedOf = (step: DraftStep): readonly Figure[] => step.kind === 'review' ? figuresOf[step.policy] : consensusFigures[step.consensus];

export const isFaulty = (step: DraftStep): boolean =>
  step.name.trim() === '' || step.people?.length === 0 || askedOf(step).some(figure => !isFigure(step, figure));

const figures = { rate: '100', first: '100', window: '50', threshold: '95', minimum: '30', labelers: '2', share: '10', agreement: '70', most: '4', confidence: '90', accuracy: '85' };
// Four decimals of a percent: more than anybody sets, and no trace of binary fractions.
const percent = (share: number) => String(Number((share * 100).toFixed(4)));

export function stepsOf(workflow: WorkflowInForce): readonly DraftStep[] {
  return workflow.steps.map(({ id, kind, name, people, sampling, consensus }) => ({
    key: id, id, kind, name, people: people?.map(person => person.id) ?? null, policy: sampling?.kind ?? 'fixed', consensus: !consensus ? 'none' : consensus.most === null ? 'fixed' : 'adaptive',
    figures: {
      rate: percent(sampling?.rate ?? 1), first: String(sampling?.first ?? figures.first), window: String(sampling?.window ?? figures.window),
      threshold: percent(sampling?.threshold ?? 0.95), minimum: String(sampling?.minimum ?? figures.minimum),
      labelers: String(consensus?.labelers ?? figures.labelers), most: String(consensus?.most ?? figures.most), share: percent(consensus?.share ?? 0.1), agreement: percent(consensus?.threshold ?? 0.7),
      confidence: percent(consensus?.confidence ?? 0.9), accuracy: percent(consensus?.accuracy ?? 0.85),
    },
  }));
}

export const newReview = (name: string): DraftStep => ({ key: crypto.randomUUID(), id: null, kind: 'review', name, people: null, policy: 'fixed', consensus: 'none', figures });

/** The steps as they are sent, based on a version: a step that it does not have is a new one. */
export function toPublish(steps: readonly DraftStep[], basedOn: WorkflowInForce): readonly NewStep[] {
  const known = new Set(basedOn.steps.map(step => step.id));
  return steps.map(step => {
    const asked = new Set(askedOf(step));
    const number = (figure: Figure) => asked.has(figure) ? Number(step.figures[figure]) : null;
    const share = (figure: Figure) => asked.has(figure) ? Number(step.figures[figure]) / 100 : null;
    return {
      id: step.id !== null && known.has(step.id) ? step.id : null, name: step.name.trim(), people: step.people,
      sampling: step.kind === 'labeling' ? null : { kind: step.policy, rate: share('rate') ?? 1, first: number('first'), window: number('window'), threshold: share('threshold'), minimum: number('minimum') },
      consensus: step.kind === 'review' || step.consensus === 'none' ? null
        : { labelers: number('labelers') ?? 2, share: share('share') ?? 0, threshold: share('agreement') ?? 0, most: number('most'), confidence: share('confidence'), accuracy: share('accuracy') },
    };
  });
}
