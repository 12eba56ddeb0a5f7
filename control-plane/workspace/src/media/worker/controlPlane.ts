import type { JWK } from 'jose';
import { readBrowserKey, type BrowserKey } from '../keys';
import { signProof } from '../proof';
import type { AssetContext } from './assetPath';
import { AssetFailure, fetchOrFail, problemOf } from './failure';
import type { ObjectTriple } from './sealedAnswer';

/** What the control plane gives for a context: the right to ask one agent for some objects. */
export interface Grant {
  readonly grant: string;
  readonly agent: { readonly id: string; readonly url: string | null; readonly keys: readonly JWK[] };
  readonly objects: Readonly<Record<string, ObjectTriple>>;
  readonly expiresAt: string;
}

export interface GrantSource {
  /** Of the control plane. */
  readonly origin: string;
  grant(context: AssetContext, assetIds: readonly string[]): Promise<Grant>;
  key(): Promise<BrowserKey>;
}

const waitMilliseconds = 10_000;

/** Asks the control plane for grants, proving the browser's key for each request. */
export function controlPlane(origin: string, fetcher: typeof fetch = fetch, readKey = readBrowserKey): GrantSource {
  const key = async () => {
    const found = await readKey();
    if (!found) throw new AssetFailure('session.key_lost', 401);
    return found;
  };

  return {
    origin,
    key,
    async grant(context, assetIds) {
      const path = context.act === 'work'
        ? `/api/projects/${context.projectId}/tasks/${context.taskId}/grant`
        : `/api/projects/${context.projectId}/${context.act === 'guide' ? 'guidelines' : 'assets'}/grant`;
      const { proof } = await signProof(await key(), { htu: origin + path });
      const response = await fetchOrFail(origin + path, {
        method: 'POST',
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'error',
        headers: { 'content-type': 'application/json', 'x-hybrid-request': '1', dpop: proof },
        body: JSON.stringify(context.act === 'work' ? {} : context.act === 'guide' ? { pictureIds: assetIds } : { assetIds }),
      }, waitMilliseconds, new AssetFailure('asset.control_plane_slow', 504), new AssetFailure('asset.offline', 503), fetcher);
      if (!response.ok) {
        const { code, detail } = await problemOf(response);
        throw new AssetFailure(code ?? 'asset.grant_refused', response.status, detail, response.status);
      }
      return await response.json() as Grant;
    },
  };
}
