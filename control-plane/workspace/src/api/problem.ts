/** One thing that is wrong with a label; `objectId` names the shape that the page can take the person to. */
export interface Violation { readonly path: string; readonly objectId?: string | null; readonly code: string; readonly message: string }

/** A refusal by the control plane (RFC 9457), or the lack of an answer. `code` is stable and decides the words. */
export class ApiProblem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly title = '',
    readonly detail = '',
    readonly traceId?: string,
    /** Messages by field, as validation makes them. */
    readonly errors: Readonly<Record<string, readonly string[]>> = {},
    readonly violations: readonly Violation[] = [],
  ) {
    super(code);
    this.name = 'ApiProblem';
  }

  /** Nobody answered: what was typed stays here and is sent again. */
  get offline(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

interface ProblemBody {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly traceId?: string;
  readonly errors?: Record<string, string[]>;
  readonly violations?: Violation[];
}

/** Reads a refusal, however much or little of a problem body it has. */
export function toProblem(status: number, body: unknown): ApiProblem {
  const { code, title, detail, traceId, errors, violations } = (body && typeof body === 'object' ? body : {}) as ProblemBody;
  return new ApiProblem(code ?? `http.${status}`, status, title, detail, traceId, errors, violations);
}

export const isProblem = (error: unknown, code?: string): error is ApiProblem =>
  error instanceof ApiProblem && (code === undefined || error.code === code);
