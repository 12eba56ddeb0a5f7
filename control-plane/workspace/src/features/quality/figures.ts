import type { Estimate } from '../../api';
import { figure, t } from '../../words';

export const percent = (share: number) => t('workflow.percent', { value: figure(share * 100, 1) });

/** A figure with its 95 % interval and n, or that n is too small for one. */
export function estimateText(one: Estimate, shown: (value: number) => string = percent): string {
  if (one.value === null || one.lower === null || one.upper === null) return one.n === 0 ? t('state.none') : t('quality.tooFew', { n: one.n });
  return t('quality.estimate', { value: shown(one.value), lower: shown(one.lower), upper: shown(one.upper), n: one.n });
}
