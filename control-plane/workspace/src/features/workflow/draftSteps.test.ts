import { describe, expect, it } from 'vitest';
import type { WorkflowInForce } from '../../api';
import { isFaulty, isFigure, newReview, rangeOf, stepsOf, toPublish, type DraftStep } from './draftSteps';

const inForce: WorkflowInForce = {
  version: 3, stepSeparation: true, sendsBackToQueue: false,
  steps: [
    { id: 'l', kind: 'labeling', name: 'Labeling', people: null, sampling: null, policyVersion: 3, seed: 'bb', consensus: { labelers: 2, share: 0.1, threshold: 0.7, most: 4, confidence: 0.9, accuracy: 0.85 } },
    { id: 'r', kind: 'review', name: 'Look', people: [{ id: 'rosa', name: 'Rosa' }], sampling: { kind: 'adaptive', rate: 0.07, first: 10, window: 50, threshold: 0.9, minimum: 20 }, policyVersion: 2, seed: 'aa', consensus: null },
  ],
};

describe('draft steps', () => {
  it('come back as they were, shares without a trace of binary fractions', () => {
    expect(stepsOf(inForce)[1]?.figures).toMatchObject({ rate: '7', first: '10', window: '50', threshold: '90', minimum: '20' });
    expect(toPublish(stepsOf(inForce), inForce)).toEqual([
      { id: 'l', name: 'Labeling', people: null, sampling: null, consensus: { labelers: 2, share: 0.1, threshold: 0.7, most: 4, confidence: 0.9, accuracy: 0.85 } },
      { id: 'r', name: 'Look', people: ['rosa'], sampling: { kind: 'adaptive', rate: 0.07, first: 10, window: 50, threshold: 0.9, minimum: 20 }, consensus: null },
    ]);
  });

  it('send what the policy asks for and nothing else', () => {
    const fixed: DraftStep = { ...newReview('Look'), figures: { ...newReview('').figures, rate: '12.5' } };
    expect(toPublish([fixed], inForce)[0]?.sampling).toEqual({ kind: 'fixed', rate: 0.125, first: null, window: null, threshold: null, minimum: null });
  });

  it('ask for more labelers than at first, where one more may be asked', () => {
    const [labeling] = stepsOf(inForce);
    if (!labeling) throw new Error('There is a labeling step.');
    expect(rangeOf(labeling, 'most')).toEqual([3, 5]);
    expect(isFaulty({ ...labeling, figures: { ...labeling.figures, most: '2' } })).toBe(true);
    expect(toPublish([{ ...labeling, consensus: 'none' }], inForce)[0]?.consensus).toBeNull();
    expect(toPublish([{ ...labeling, consensus: 'fixed' }], inForce)[0]?.consensus).toMatchObject({ labelers: 2, most: null, confidence: null });
  });

  it('are new ones when the version that they are based on does not have them', () => {
    expect(toPublish(stepsOf(inForce), { ...inForce, steps: inForce.steps.slice(0, 1) }).map(step => step.id)).toEqual(['l', null]);
  });

  it('are faulty with a bad figure of their policy, and only of theirs', () => {
    const step = newReview('Look');
    const wrong = { ...step, figures: { ...step.figures, window: '0' } };
    expect(isFaulty(wrong)).toBe(false);
    expect(isFaulty({ ...wrong, policy: 'adaptive' })).toBe(true);
    expect(isFaulty({ ...step, name: '  ' })).toBe(true);
    expect(isFaulty({ ...step, people: [] })).toBe(true);
    for (const text of ['', 'x', '-1', '100.1', '1e9']) expect(isFigure({ ...step, figures: { ...step.figures, rate: text } }, 'rate')).toBe(false);
    expect(isFigure({ ...step, figures: { ...step.figures, first: '2.5' } }, 'first')).toBe(false);
    expect(rangeOf({ ...step, figures: { ...step.figures, window: '7' } }, 'minimum')).toEqual([1, 7]);
  });
});
