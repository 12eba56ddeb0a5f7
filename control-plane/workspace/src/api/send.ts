import { ApiProblem, toProblem } from './problem';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface SendOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** An answer slower than this is treated as none, so that nothing waits for ever. */
const waitMilliseconds = 30_000;
let onSessionEnded: () => void = () => undefined;

/** What to do when the server says that nobody is signed in here. */
export function whenSessionEnds(act: () => void): void {
  onSessionEnded = act;
}

/** One request to the control plane; the answer's JSON, or an {@link ApiProblem}. */
export async function send<T>(method: Method, path: string, { query, body, headers, signal }: SendOptions = {}): Promise<T> {
  const address = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined && value !== '') address.searchParams.set(name, String(value));
  const limit = AbortSignal.timeout(waitMilliseconds);
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      headers: {
        accept: 'application/json, application/problem+json',
        ...(method === 'GET' ? {} : { 'x-hybrid-request': '1' }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiProblem(limit.aborted ? 'network.slow' : 'network.offline', 0);
  }
  const answer = await parsed(response);
  if (response.ok) return answer as T;
  const problem = toProblem(response.status, answer);
  if (response.status === 401 && problem.code !== 'session.refused') onSessionEnded();
  throw problem;
}

async function parsed(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** A path with its ids encoded: `path\`/api/projects/${id}\``. */
export function path(parts: TemplateStringsArray, ...ids: readonly string[]): string {
  return parts.reduce((whole, part, index) => whole + encodeURIComponent(ids[index - 1] ?? '') + part);
}
