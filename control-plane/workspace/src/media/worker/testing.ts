import { base64url, calculateJwkThumbprint, CompactEncrypt, CompactSign, decodeJwt, decodeProtectedHeader, exportJWK, importJWK, SignJWT, type JWK } from 'jose';
import type { BrowserKey } from '../keys';
import type { Road } from '../protocol';
import type { RoadMemory } from '../roads';
import { AccessCache } from './access';
import { controlPlane } from './controlPlane';
import type { ObjectTriple } from './sealedAnswer';

export const origin = 'https://hybrid.test';
export const projectId = '0190a000-0000-7000-8000-000000000001';
export const taskId = '0190a000-0000-7000-8000-000000000002';
export const assetId = '0190a000-0000-7000-8000-000000000003';
export const agentId = '0190a000-0000-7000-8000-00000000000a';

export interface AgentRequest { grant: string; proof: string; objects: ObjectTriple[] }
type Answer = Response | Promise<Response>;

/** A control plane, an agent and a bucket that speak the real messages over a scripted `fetch`. */
export class TestNetwork {
  readonly asked: { url: string; init: RequestInit }[] = [];
  now = Date.parse('2026-01-05T10:00:00Z');
  urlSeconds = 60;
  grantSeconds = 600;
  agentKeys: JWK[] = [];
  /** Replaces one party's answer. */
  storage: (url: string, init: RequestInit) => Answer = (_, init) => {
    const headers = new Headers(init.headers);
    if (!headers.get('content-language')?.startsWith('x-')) return new Response('', { status: 403 });
    return new Response('pixels', { headers: { 'content-type': 'image/jpeg', 'content-length': '6', 'x-amz-id-2': 'secret', etag: '"1"' } });
  };
  agent: (request: AgentRequest, init: RequestInit) => Answer = request => this.seal(request);
  relay: (request: AgentRequest) => Answer = () => Response.json({ code: 'agent.unreachable', detail: '' }, { status: 503 });
  agentUrl: string | null = 'https://agent.test/';
  /** A memory without a browser's database. */
  readonly remembered = new Map<string, Road>();
  readonly roads: RoadMemory = {
    of: async agent => this.remembered.get(agent),
    remember: async (agent, road) => void this.remembered.set(agent, road),
  };
  controlPlane: ((path: string, body: { assetIds?: string[] }) => Answer) | undefined;

  private constructor(readonly key: BrowserKey, readonly signer: CryptoKeyPair) {}

  static async create(): Promise<TestNetwork> {
    const make = () => crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const pair = await make();
    const { x = '', y = '' } = await exportJWK(pair.publicKey);
    const publicJwk = { kty: 'EC', crv: 'P-256', x, y } as const;
    const network = new TestNetwork({ privateKey: pair.privateKey, publicJwk, thumbprint: await calculateJwkThumbprint(publicJwk) }, await make());
    network.agentKeys = [await exportJWK(network.signer.publicKey)];
    return network;
  }

  cache(): AccessCache {
    return new AccessCache(controlPlane(origin, this.fetch, async () => this.key), this.roads, this.fetch, () => this.now);
  }

  count(part: string): number {
    return this.asked.filter(one => one.url.includes(part)).length;
  }

  readonly fetch = (async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const url = String(input);
    this.asked.push({ url, init });
    if (url === `${origin}/api/projects/${projectId}/agents/${agentId}/urls`) return this.relay(JSON.parse(String(init.body)) as AgentRequest);
    if (url.startsWith(`${origin}/api/`)) {
      const body = JSON.parse(String(init.body)) as { assetIds?: string[] };
      return this.controlPlane ? this.controlPlane(url.slice(origin.length), body) : Response.json(await this.grant(body.assetIds ?? [assetId]));
    }
    if (url === 'https://agent.test/v1/urls') return this.agent(JSON.parse(String(init.body)) as AgentRequest, init);
    return this.storage(url, init);
  }) as typeof fetch;

  async grant(assetIds: string[]) {
    const iat = Math.floor(this.now / 1000);
    const grant = await new SignJWT({ act: 'work' }).setProtectedHeader({ alg: 'ES256', typ: 'hybrid-grant+jwt' })
      .setIssuedAt(iat).setExpirationTime(iat + this.grantSeconds).sign(this.signer.privateKey);
    return {
      grant,
      agent: { id: agentId, url: this.agentUrl, keys: this.agentKeys },
      objects: Object.fromEntries(assetIds.map(id => [id, ['plates', `${id}.jpg`, null]])),
      expiresAt: new Date(this.now + this.grantSeconds * 1000).toISOString(),
    };
  }

  /** The agent's sealed answer, which a test may bend before it is signed or after. */
  async seal(request: AgentRequest, bend: { payload?: object; signer?: CryptoKey; apv?: string; typ?: string } = {}): Promise<Response> {
    const proof = decodeJwt(request.proof);
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(request.grant));
    const payload = {
      jti: proof.jti,
      ath: base64url.encode(new Uint8Array(digest)),
      iat: Math.floor(this.now / 1000),
      objects: request.objects.map(object => ({
        object,
        url: `https://bucket.test/${object[1]}?signature=s`,
        header: 'x-abcdefgh-abcdefgh-abcdefgh-ab',
        expiresAt: new Date(this.now + this.urlSeconds * 1000).toISOString(),
        contentType: 'image/jpeg',
        size: 6,
        etag: null,
        refusal: null,
      })),
      ...bend.payload,
    };
    const inner = await new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader({ alg: 'ES256', typ: bend.typ ?? 'hybrid-answer+jwt', kid: 'agent-1' })
      .sign(bend.signer ?? this.signer.privateKey);
    const sealed = await new CompactEncrypt(new TextEncoder().encode(inner))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', cty: 'JWT' })
      .setKeyManagementParameters({ apv: new TextEncoder().encode(bend.apv ?? String(proof.jti)) })
      .encrypt(await importJWK(proof.epk as JWK, 'ECDH-ES') as CryptoKey);
    return new Response(sealed, { headers: { 'content-type': 'application/jose' } });
  }
}

export const headerOf = decodeProtectedHeader;
