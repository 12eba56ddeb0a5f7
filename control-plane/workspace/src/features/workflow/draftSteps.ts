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
}

export type Figure = 'rate' | 'first' | 'window' | 'threshold' | 'minimum';

/** What each policy asks for, in order. */
export const figuresOf: Readonly<Record<SamplingPolicy['kind'], readonly Figure[]>> = {
  fixed: ['rate'], warmUp: ['first', 'rate'], adaptive: ['first', 'rate', 'threshold', 'window', 'minimum'],
};

const ranges: Readonly<Record<Figure, readonly [number, number]>> = { rate: [0, 100], first: [0, 100_000], window: [1, 1000], threshold: [0, 100], minimum: [1, 1000] };

/** From and to, both included; the minimum is not above the window. */
export const rangeOf = (step: DraftStep, figure: Figure): readonly [number, number] => {
  const [least, most] = ranges[figure];
  const window = Number(step.figures.window);
  return figure === 'minimum' && Number.isInteger(window) && window >= 1 ? [least, Math.min(most, window)] : [least, most];
};

/** Whether what was typed is a figure in its range; shares may have decimals, counts may not. */
export function isFigure(step: DraftStep, figure: Figure): boolean {
  const text = step.figures[figure].trim();
  const value = Number(text);
  const [least, most] = rangeOf(step, figure);
  return text !== '' && Number.isFinite(value) && value >= least && value <= most && (figure === 'rate' || figure === 'threshold' || Number.isInteger(value));
}

export const isFaulty = (step: DraftStep): boolean =>
  step.name.trim() === '' || step.people?.length === 0 || (step.kind === 'review' && figuresOf[step.policy].some(figure => !isFigure(step, figure)));

const figures = { rate: '100', first: '100', window: '50', threshold: '95', minimum: '30' };
// Four decimals of a percent: more than anybody sets, and no trace of binary fractions.
const percent = (share: number) => String(Number((share * 100).toFixed(4)));

export function stepsOf(workflow: WorkflowInForce): readonly DraftStep[] {
  return workflow.steps.map(({ id, kind, name, people, sampling }) => ({
    key: id, id, kind, name, people: people?.map(person => person.id) ?? null, policy: sampling?.kind ?? 'fixed',
    figures: {
      rate: percent(sampling?.rate ?? 1), first: String(sampling?.first ?? figures.first), window: String(sampling?.window ?? figures.window),
      threshold: percent(sampling?.threshold ?? 0.95), minimum: String(sampling?.minimum ?? figures.minimum),
    },
  }));
}

export const newReview = (name: string): DraftStep => ({ key: crypto.randomUUID(), id: null, kind: 'review', name, people: null, policy: 'fixed', figures });

/** The steps as they are sent, based on a version: a step that it does not have is a new one. */
export function toPublish(steps: readonly DraftStep[], basedOn: WorkflowInForce): readonly NewStep[] {
  const known = new Set(basedOn.steps.map(step => step.id));
  return steps.map(step => {
    const asked = new Set(figuresOf[step.policy]);
    const number = (figure: Figure) => asked.has(figure) ? Number(step.figures[figure]) : null;
    const share = (figure: Figure) => asked.has(figure) ? Number(step.figures[figure]) / 100 : null;
    return {
      id: step.id !== null && known.has(step.id) ? step.id : null, name: step.name.trim(), people: step.people,
      sampling: step.kind === 'labeling' ? null : { kind: step.policy, rate: share('rate') ?? 1, first: number('first'), window: number('window'), threshold: share('threshold'), minimum: number('minimum') },
    };
  });
}
