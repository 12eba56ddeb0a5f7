import createClient, { type Middleware } from 'openapi-fetch';
import { ApiProblem, toProblem } from './problem';
import type { paths } from './schema';

/** An answer slower than this is treated as none, so that nothing waits for ever. */
const waitMilliseconds = 30_000;
let onSessionEnded: () => void = () => undefined;
let onPeopleChanged: (projectId: string) => void = () => undefined;
/** How people appear in each project, as its last answer said. */
const peopleIn = new Map<string, string>();

/** What to do when the server says that nobody is signed in here. */
export function whenSessionEnds(act: () => void): void {
  onSessionEnded = act;
}

/** What to do when a project begins to show people another way: by pseudonyms instead of names, or back. */
export function whenPeopleChange(act: (projectId: string) => void): void {
  onPeopleChanged = act;
}

/** Hears from every answer of a project whether people appear in it by name or by pseudonym. */
const peopleShown: Middleware = {
  onResponse({ request, response }) {
    const shown = response.headers.get('hybrid-people');
    const projectId = /\/api\/projects\/([^/?]+)/.exec(request.url)?.[1];
    if (shown === null || projectId === undefined) return;
    const before = peopleIn.get(projectId);
    peopleIn.set(projectId, shown);
    if (before !== undefined && before !== shown) onPeopleChanged(projectId);
  },
};

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
client.use(ownRequest, peopleShown);

/** What an answer holds, or the refusal as an {@link ApiProblem}. */
export async function answerOf<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  const problem = toProblem(response.status, error);
  if (response.status === 401 && problem.code !== 'session.refused') onSessionEnded();
  throw problem;
}
