import { exportJWK } from 'jose';
import type { BrowserKey } from '../keys';
import { sha256, signProof } from '../proof';
import type { Road } from '../protocol';
import type { RoadMemory } from '../roads';
import type { Grant } from './controlPlane';
import { AssetFailure, fetchOrFail, persist, problemOf } from './failure';
import { openAnswer, type ObjectTriple, type UrlAnswer } from './sealedAnswer';

/** The agent's limit on one request. */
export const objectsPerRequest = 50;

const waitMilliseconds = 10_000;
/** Who answers later than this by the direct road, while it is not known to work, is asked by the relay. */
const directMilliseconds = 500;
/** A road that worked before gets longer, and then the other one its chance: an agent may hang without being gone. */
const knownMilliseconds = 3_000;
/** Codes that the control plane gives for itself; any other that comes by the relay unsealed is its word for the agent's. */
const ownCodes = /^(session|role|request|body|content_type|agent)\.|^not_found$/;

/** Everything that a request for URLs needs beside its objects. */
export interface AgentCall {
  readonly grant: Grant;
  readonly projectId: string;
  readonly key: BrowserKey;
  /** Of the control plane, which relays. */
  readonly origin: string;
  readonly roads: RoadMemory;
  readonly fetcher: typeof fetch;
}

export interface Answered extends UrlAnswer {
  readonly road: Road;
}

/** Asks the agent for the URLs of at most 50 objects, by the road that works: directly if that answers at once, else by the relay. */
export function askAgent(call: AgentCall, objects: readonly ObjectTriple[]): Promise<Answered> {
  return persist(() => askByEitherRoad(call, objects));
}

async function askByEitherRoad(call: AgentCall, objects: readonly ObjectTriple[]): Promise<Answered> {
  const { id, url } = call.grant.agent;
  if (url === null) return askBy('relay', call, objects, waitMilliseconds);
  const known = await call.roads.of(id);
  const first = known ?? 'direct';
  const second = first === 'direct' ? 'relay' : 'direct';
  try {
    const answer = await askBy(first, call, objects, known ? knownMilliseconds : directMilliseconds);
    if (!known) await call.roads.remember(id, first);
    return answer;
  } catch (error) {
    if (!isAway(error)) throw error;
    const answer = await askBy(second, call, objects, waitMilliseconds);
    await call.roads.remember(id, second);
    return answer;
  }
}

const isAway = (error: unknown) =>
  error instanceof AssetFailure && (error.code === 'asset.agent_unreachable' || error.code === 'asset.agent_slow');

// A request whose answer was lost may have arrived: each attempt has a proof and a sealing key of its own.
async function askBy(road: Road, call: AgentCall, objects: readonly ObjectTriple[], milliseconds: number): Promise<Answered> {
  const { grant, key } = call;
  const sealing = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  const { kty, crv, x, y } = await exportJWK(sealing.publicKey);
  const ath = await sha256(grant.grant);
  const { proof, jti } = await signProof(key, {
    // The logical name on both roads, so that TLS termination and path rewriting in front of the agent do not matter.
    htu: `https://${grant.agent.id}.agent.hybrid.internal/v1/urls`,
    ath,
    // The RFC 8785 form of arrays of strings and nulls is what JSON.stringify writes.
    odh: await sha256(JSON.stringify(objects)),
    epk: { kty, crv, x, y } as JsonWebKey,
  });
  const body = JSON.stringify({ grant: grant.grant, proof, objects });
  const response = await send(road, call, body, milliseconds);
  if (!response.ok) throw await refused(road, response);
  const answer = await openAnswer(await response.text(), sealing.privateKey, { jti, ath, agentKeys: grant.agent.keys });
  if (answer.refusal) throw new AssetFailure(answer.refusal.code, 403, answer.refusal.detail);
  return { ...answer, road };
}

function send(road: Road, call: AgentCall, body: string, milliseconds: number): Promise<Response> {
  const away = [new AssetFailure('asset.agent_slow', 504), new AssetFailure('asset.agent_unreachable', 503)] as const;
  const common = { method: 'POST', body, cache: 'no-store', redirect: 'error' } as const;
  const { id, url } = call.grant.agent;
  return road === 'direct'
    ? fetchOrFail(new URL('/v1/urls', url ?? undefined).href, {
      ...common,
      mode: 'cors',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      // text/plain is CORS-safelisted: no preflight before the request.
      headers: { 'content-type': 'text/plain;charset=UTF-8' },
    }, milliseconds, ...away, call.fetcher)
    : fetchOrFail(`${call.origin}/api/projects/${call.projectId}/agents/${id}/urls`, {
      ...common,
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json', 'x-hybrid-request': '1' },
    }, milliseconds, ...away, call.fetcher);
}

async function refused(road: Road, response: Response): Promise<AssetFailure> {
  const { code, detail } = await problemOf(response);
  const status = response.status >= 500 ? 502 : 403;
  if (road === 'direct') return new AssetFailure(code ?? 'asset.agent_failed', status, detail, response.status);
  if (code === 'agent.unreachable') return new AssetFailure('asset.agent_unreachable', 503, detail, response.status);
  if (code === undefined) return new AssetFailure('asset.agent_failed', status, detail, response.status);
  // The agent seals its refusals for the relay: one that is not sealed may be the relay's own invention.
  return ownCodes.test(code) ? new AssetFailure(code, status, detail, response.status) : new AssetFailure('asset.relay_refused', status, detail, response.status);
}
