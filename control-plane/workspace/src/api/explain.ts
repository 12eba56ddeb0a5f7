import { figure, t, tryText } from '../words';
import { ApiProblem } from './problem';

/** An error as a person reads it: what happened, what is safe, what to do, and a code to quote. */
export interface Explanation {
  readonly what: string;
  readonly safe: string;
  readonly todo: string;
  readonly code: string;
}

/** A failure of any part that carries a stable code. */
interface Coded {
  readonly code: string;
  readonly status?: number;
  readonly title?: string;
  readonly detail?: string;
  readonly upstreamStatus?: number | undefined;
  readonly traceId?: string | undefined;
}

const coded = (error: unknown): Coded | undefined =>
  error && typeof error === 'object' && 'code' in error && typeof error.code === 'string' ? error as Coded : undefined;

/** The three parts for a failure: by its code, else by its status, else as unknown. */
export function explain(error: unknown): Explanation {
  const failure = coded(error);
  if (!failure) return { what: t('problem.unknown.what'), safe: t('problem.unknown.safe'), todo: t('problem.unknown.todo'), code: 'unknown' };
  const params = { detail: failure.detail ?? '', status: failure.upstreamStatus ? figure(failure.upstreamStatus) : '' };
  const family = failure.code.split('.', 1)[0] ?? '';
  const part = (name: 'what' | 'safe' | 'todo') =>
    tryText(`problem.${failure.code}.${name}`, params)
    ?? (name === 'what' && failure.title && failure.title !== failure.code ? failure.title : undefined)
    ?? (name === 'todo' && failure.detail ? failure.detail : undefined)
    ?? tryText(`problem.${family}.${name}`, params)
    ?? tryText(`problem.http.${failure.status ?? 0}.${name}`, params)
    ?? t(`problem.unknown.${name}`);
  return {
    what: part('what'),
    safe: part('safe'),
    todo: part('todo'),
    code: failure.traceId ? `${failure.code} · ${failure.traceId}` : failure.code,
  };
}

/** The sentence for one field of a form, when the refusal names it. */
export function fieldError(error: unknown, field: string): string | undefined {
  return error instanceof ApiProblem ? error.errors[field]?.[0] : undefined;
}
