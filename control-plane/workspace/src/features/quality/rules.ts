import type { QualityRules } from '../../api';

/** Rules that are figures; shares are typed in percent. */
export type RuleFigure = Exclude<keyof QualityRules, 'consensusBlocksDone'>;

/** Rules as they stand in the page: figures are texts while they are typed. */
export type Typed = Readonly<Record<RuleFigure, string>> & { readonly consensusBlocksDone: boolean };

interface Range { readonly min: number; readonly max: number; readonly share?: boolean; readonly optional?: boolean; readonly whole?: boolean }

export const ranges: Readonly<Record<RuleFigure, Range & { readonly optional: boolean }>> = {
  honeypotShare: { min: 0, max: 50, share: true, optional: false },
  honeypotSpacing: { min: 0, max: 1000, whole: true, optional: false },
  honeypotMostGiven: { min: 1, max: 100_000, whole: true, optional: true },
  pauseThreshold: { min: 0, max: 100, share: true, optional: true },
  window: { min: 2, max: 1000, whole: true, optional: false },
  minimum: { min: 2, max: 1000, whole: true, optional: false },
  driftReference: { min: 0, max: 100, share: true, optional: true },
  driftSlack: { min: 0, max: 100, share: true, optional: false },
  driftLimit: { min: 0.01, max: 100, optional: false },
};

const names = Object.keys(ranges) as RuleFigure[];
const typedFigure = (value: number | null, share: boolean) => value === null ? '' : String(Number((share ? value * 100 : value).toFixed(4)));

export const typedOf = (rules: QualityRules): Typed => ({
  ...Object.fromEntries(names.map(name => [name, typedFigure(rules[name], ranges[name].share ?? false)])) as Record<RuleFigure, string>,
  consensusBlocksDone: rules.consensusBlocksDone,
});

/** The figures that are missing or out of their range; the minimum is not above the window. */
export function faults(typed: Typed): ReadonlySet<RuleFigure> {
  return new Set(names.filter(name => {
    const { min, max, optional, whole } = ranges[name];
    const text = typed[name].trim();
    if (text === '') return !optional;
    const value = Number(text);
    return !Number.isFinite(value) || value < min || value > max || (whole && !Number.isInteger(value)) || (name === 'minimum' && value > Number(typed.window));
  }));
}

/** The rules as they are sent; nothing typed where that is allowed means that there is none. */
export function toRules(typed: Typed): QualityRules {
  const number = (name: RuleFigure) => typed[name].trim() === '' ? null : Number(typed[name]) / (ranges[name].share ? 100 : 1);
  return {
    honeypotShare: number('honeypotShare') ?? 0, honeypotSpacing: number('honeypotSpacing') ?? 0, honeypotMostGiven: number('honeypotMostGiven'), pauseThreshold: number('pauseThreshold'),
    window: number('window') ?? 0, minimum: number('minimum') ?? 0, driftReference: number('driftReference'), driftSlack: number('driftSlack') ?? 0, driftLimit: number('driftLimit') ?? 0,
    consensusBlocksDone: typed.consensusBlocksDone,
  };
}
