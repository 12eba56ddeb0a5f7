/** A reason that the page turns into words; `code` is stable, `detail` is the other side's own sentence. */
export class AssetFailure extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail = '',
    /** The status that storage, agent or control plane answered, when there was one. */
    readonly upstreamStatus?: number,
  ) {
    super(code);
    this.name = 'AssetFailure';
  }

  toResponse(): Response {
    const body = { title: this.code, status: this.status, code: this.code, detail: this.detail, upstreamStatus: this.upstreamStatus };
    return new Response(JSON.stringify(body), {
      status: this.status,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    });
  }
}

/** What a problem body says, however little of it there is. */
export async function problemOf(response: Response): Promise<{ code: string | undefined; detail: string }> {
  try {
    const body: unknown = await response.json();
    if (body && typeof body === 'object') {
      const { code, detail } = body as { code?: unknown; detail?: unknown };
      return { code: typeof code === 'string' ? code : undefined, detail: typeof detail === 'string' ? detail : '' };
    }
  } catch {
    // A proxy's HTML page is not a problem body: the status alone then speaks.
  }
  return { code: undefined, detail: '' };
}

/**
 * A fetch that asks only origins of this worker's own policy. The browser would refuse any other, in the same words as a network that
 * fails; so it is said what it is: a worker from before an agent or a connection was added.
 */
export const within = (origins: readonly string[], fetcher: typeof fetch = fetch): typeof fetch => (input, init) =>
  origins.includes(new URL(input instanceof Request ? input.url : input).origin) ? fetcher(input, init) : Promise.reject(new AssetFailure('worker.outdated', 503));

/** Fetch with a limit on the time to the first byte of the answer, naming who was slow and who was not there. */
export async function fetchOrFail(
  input: string, init: RequestInit, milliseconds: number, slow: AssetFailure, unreachable: AssetFailure, fetcher: typeof fetch,
): Promise<Response> {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(slow), milliseconds);
  const signal = init.signal ? AbortSignal.any([init.signal, clock.signal]) : clock.signal;
  try {
    return await fetcher(input, { ...init, signal });
  } catch (error) {
    if (clock.signal.aborted) throw slow;
    if (init.signal?.aborted || error instanceof AssetFailure) throw error;
    throw unreachable;
  } finally {
    clearTimeout(timer);
  }
}

const pauses = [250, 1000];

/** A network that hiccups (an address that changed, a connection that was cut) is asked again before anybody is told. */
export async function persist<T>(attempt: () => Promise<T>): Promise<T> {
  for (const pause of pauses) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof AssetFailure && error.code.endsWith('_unreachable'))) throw error;
    }
    await new Promise(resolve => setTimeout(resolve, pause));
  }
  return attempt();
}
