import { exportJWK } from 'jose';
import type { BrowserKey } from '../keys';
import { sha256, signProof } from '../proof';
import type { Grant } from './controlPlane';
import { AssetFailure, fetchOrFail, persist, problemOf } from './failure';
import { openAnswer, type ObjectTriple, type UrlAnswer } from './sealedAnswer';

/** The agent's limit on one request. */
export const objectsPerRequest = 50;
const waitMilliseconds = 10_000;

/** Asks the agent for the URLs of at most 50 objects. */
export function askAgent(
  grant: Grant, objects: readonly ObjectTriple[], key: BrowserKey, fetcher: typeof fetch = fetch,
): Promise<UrlAnswer> {
  return persist(() => askOnce(grant, objects, key, fetcher));
}

// A request whose answer was lost may have arrived: each attempt has a proof and a sealing key of its own.
async function askOnce(
  grant: Grant, objects: readonly ObjectTriple[], key: BrowserKey, fetcher: typeof fetch,
): Promise<UrlAnswer> {
  const sealing = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  const { kty, crv, x, y } = await exportJWK(sealing.publicKey);
  const ath = await sha256(grant.grant);
  const { proof, jti } = await signProof(key, {
    // The logical name, so that TLS termination and path rewriting in front of the agent do not matter.
    htu: `https://${grant.agent.id}.agent.hybrid.internal/v1/urls`,
    ath,
    // The RFC 8785 form of arrays of strings and nulls is what JSON.stringify writes.
    odh: await sha256(JSON.stringify(objects)),
    epk: { kty, crv, x, y } as JsonWebKey,
  });
  const response = await fetchOrFail(new URL('/v1/urls', grant.agent.url).href, {
    method: 'POST',
    mode: 'cors',
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    // text/plain is CORS-safelisted: no preflight before the request.
    headers: { 'content-type': 'text/plain;charset=UTF-8' },
    body: JSON.stringify({ grant: grant.grant, proof, objects }),
  }, waitMilliseconds, new AssetFailure('asset.agent_slow', 504), new AssetFailure('asset.agent_unreachable', 503), fetcher);
  if (!response.ok) {
    const { code, detail } = await problemOf(response);
    throw new AssetFailure(code ?? 'asset.agent_failed', response.status >= 500 ? 502 : 403, detail, response.status);
  }
  return openAnswer(await response.text(), sealing.privateKey, { jti, ath, agentKeys: grant.agent.keys });
}
