import type { AccessCache, RoadAccess } from './access';
import type { AssetAddress } from './assetPath';
import { AssetFailure, fetchOrFail, persist } from './failure';
import { networkPermission } from '../networkPermission';
import { roadHeader } from '../protocol';

/** Time to the first byte: a bucket that needs longer is said to be slow. */
const waitMilliseconds = 20_000;
const passedOn = ['content-length', 'content-range', 'accept-ranges', 'etag', 'last-modified'];
const showable = /^(image\/(jpeg|png|gif|webp|avif|bmp|tiff|svg\+xml|apng)|video\/[\w.+-]+|audio\/[\w.+-]+|application\/(pdf|json|dicom|octet-stream)|text\/plain)$/;

/**
 * Answers one read of an asset.
 * (1) get the URL and its secret; (2) fetch with the secret header; (3) when storage says that the URL no longer holds,
 * renew once, silently; (4) hand on a response of our own, so that the page never sees where the bytes came from.
 */
export async function serveAsset(asset: AssetAddress, request: Request, cache: AccessCache, fetcher: typeof fetch = fetch): Promise<Response> {
  let first: RoadAccess | undefined;
  try {
    first = await cache.get(asset);
    const answer = await read(first, request, fetcher);
    if (answer.status !== 401 && answer.status !== 403) return rewrap(answer, first);
    await answer.body?.cancel();
    cache.drop(asset);
    const second = await cache.get(asset);
    return rewrap(await read(second, request, fetcher), second);
  } catch (error) {
    if (error instanceof AssetFailure) return (await blocked(error, first) ?? error).toResponse();
    if (request.signal.aborted) throw error;
    return new AssetFailure('asset.failed', 502, error instanceof Error ? `${error.name}: ${error.message}` : '').toResponse();
  }
}

/** Storage in a private network, which this browser may not reach until a page has asked for it: said by name, with the agent to ask for. */
async function blocked(error: AssetFailure, access: RoadAccess | undefined): Promise<AssetFailure | undefined> {
  if (error.code !== 'asset.storage_unreachable' || !access) return undefined;
  const permission = await networkPermission();
  return permission === 'prompt' || permission === 'denied' ? new AssetFailure('asset.network_permission', 502, access.agentId) : undefined;
}

function read(access: RoadAccess, request: Request, fetcher: typeof fetch): Promise<Response> {
  const range = request.headers.get('range');
  return persist(() => fetchOrFail(access.url, {
    method: request.method,
    mode: 'cors',
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    signal: request.signal,
    headers: { 'content-language': access.header, ...(range ? { range } : {}) },
  }, waitMilliseconds, new AssetFailure('asset.storage_slow', 504), new AssetFailure('asset.storage_unreachable', 502), fetcher));
}

function rewrap(answer: Response, access: RoadAccess): Response {
  if (!answer.ok && answer.status !== 416) {
    void answer.body?.cancel();
    throw refused(answer.status);
  }
  // The page says by which road the agent was asked; the bytes themselves never come through the control plane.
  const headers = new Headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', [roadHeader]: access.road });
  for (const name of passedOn) {
    const value = answer.headers.get(name);
    if (value) headers.set(name, value);
  }
  // The length of compressed bytes is not the length of what the page reads.
  if (answer.headers.has('content-encoding')) headers.delete('content-length');
  const type = access.contentType ?? answer.headers.get('content-type') ?? '';
  headers.set('content-type', showable.test(type) ? type : 'application/octet-stream');
  return new Response(answer.body, { status: answer.status, headers });
}

function refused(status: number): AssetFailure {
  if (status === 401 || status === 403) return new AssetFailure('asset.storage_forbidden', 502, '', status);
  if (status === 404 || status === 410) return new AssetFailure('asset.gone', 404, '', status);
  if (status === 412) return new AssetFailure('asset.changed', 409, '', status);
  return new AssetFailure('asset.storage_failed', 502, '', status);
}
