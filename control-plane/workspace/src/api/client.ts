import createClient, { type Middleware } from 'openapi-fetch';
import { ApiProblem, toProblem } from './problem';
import type { paths } from './schema';

/** An answer slower than this is treated as none, so that nothing waits for ever. */
const waitMilliseconds = 30_000;
let onSessionEnded: () => void = () => undefined;

/** What to do when the server says that nobody is signed in here. */
export function whenSessionEnds(act: () => void): void {
  onSessionEnded = act;
}

/** State changes carry our own header, which a page of another site cannot add. */
const ownRequest: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('x-hybrid-request', '1');
    return request;
  },
};

async function fetchInTime(request: Request): Promise<Response> {
  const limit = AbortSignal.timeout(waitMilliseconds);
  try {
    return await fetch(request, { signal: AbortSignal.any([request.signal, limit]) });
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new ApiProblem(limit.aborted ? 'network.slow' : 'network.offline', 0);
  }
}

/** The control plane's own document decides which requests exist and what they carry. */
export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  credentials: 'same-origin',
  cache: 'no-store',
  fetch: fetchInTime,
});
client.use(ownRequest);

/** What an answer holds, or the refusal as an {@link ApiProblem}. */
export async function answerOf<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  const problem = toProblem(response.status, error);
  if (response.status === 401 && problem.code !== 'session.refused') onSessionEnded();
  throw problem;
}
