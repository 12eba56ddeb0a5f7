import { decodeJwt, jwtVerify, importJWK } from 'jose';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { sha256 } from '../proof';
import { assetOf } from './assetPath';
import { serveAsset } from './serveAsset';
import { agentId, assetId, headerOf, origin, projectId, taskId, TestNetwork, type AgentRequest } from './testing';

let network: TestNetwork;
beforeEach(async () => {
  network = await TestNetwork.create();
});

const workUrl = `${origin}/asset/work.${projectId}.${taskId}/${assetId}`;
const viewUrl = (id: string) => `${origin}/asset/view.${projectId}/${id}`;
const numbered = (number: number) => `0190a000-0000-7000-8000-${String(number).padStart(12, '0')}`;

function reader(cache = network.cache()) {
  return (url = workUrl, headers: Record<string, string> = {}) => {
    const asset = assetOf(new URL(url), origin);
    if (!asset) throw new Error('not an asset');
    return serveAsset(asset, new Request(url, { headers }), cache, network.fetch);
  };
}

const codeOf = async (response: Response) => (await response.json() as { code: string }).code;

describe('the road to a picture', () => {
  test('bytes arrive re-wrapped, without the address they came from', async () => {
    const answer = await reader()();
    expect(answer.status).toBe(200);
    expect(answer.url).toBe('');
    expect(await answer.text()).toBe('pixels');
    expect(Object.fromEntries(answer.headers)).toEqual({
      'cache-control': 'no-store', 'content-length': '6', 'content-type': 'image/jpeg', etag: '"1"', 'x-content-type-options': 'nosniff', 'x-hybrid-road': 'direct',
    });
  });

  test('the grant request proves the key for exactly that request', async () => {
    await reader()();
    const { url, init } = network.asked[0]!;
    const proof = new Headers(init.headers).get('dpop')!;
    expect(headerOf(proof)).toEqual({ typ: 'dpop+jwt', alg: 'ES256', jwk: network.key.publicJwk });
    const { payload } = await jwtVerify(proof, await importJWK(network.key.publicJwk, 'ES256'), { currentDate: new Date() });
    expect(payload).toMatchObject({ htm: 'POST', htu: url });
    expect(new Headers(init.headers).get('x-hybrid-request')).toBe('1');
  });

  test('the agent request binds grant, objects and a fresh sealing key, and needs no preflight', async () => {
    const requests: AgentRequest[] = [];
    network.agent = request => {
      requests.push(request);
      return network.seal(request);
    };
    const read = reader();
    await read();
    network.now += 120_000;
    await read();
    const proofs = requests.map(request => decodeJwt(request.proof));
    expect(proofs[0]).toMatchObject({
      htu: `https://${agentId}.agent.hybrid.internal/v1/urls`,
      ath: await sha256(requests[0]!.grant),
      odh: await sha256(`[["plates","${assetId}.jpg",null]]`),
    });
    expect(proofs[0]!.epk).not.toEqual(proofs[1]!.epk);
    expect(proofs[0]!.jti).not.toEqual(proofs[1]!.jti);
    const { init } = network.asked.find(one => one.url.includes('agent.test'))!;
    expect(init).toMatchObject({ credentials: 'omit', redirect: 'error', cache: 'no-store', headers: { 'content-type': 'text/plain;charset=UTF-8' } });
  });

  test('storage is asked with the secret header and the range, never with a redirect or a cache', async () => {
    network.storage = (_, init) => new Response('xe', { status: 206, headers: { 'content-range': 'bytes 2-3/6', range: String(new Headers(init.headers).get('range')) } });
    const answer = await reader()(workUrl, { range: 'bytes=2-3' });
    const { init } = network.asked.at(-1)!;
    expect(init).toMatchObject({ redirect: 'error', cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' });
    expect(init.headers).toEqual({ 'content-language': 'x-abcdefgh-abcdefgh-abcdefgh-ab', range: 'bytes=2-3' });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe('bytes 2-3/6');
  });
});

describe('the cache', () => {
  test('a URL serves until shortly before it lapses, the grant longer', async () => {
    const read = reader();
    await read();
    await read();
    expect([network.count('/grant'), network.count('agent.test')]).toEqual([1, 1]);
    network.now += 56_000;
    await read();
    expect([network.count('/grant'), network.count('agent.test')]).toEqual([1, 2]);
    network.now += 600_000;
    await read();
    expect([network.count('/grant'), network.count('agent.test')]).toEqual([2, 3]);
  });

  test('an agent whose clock is ahead does not make a URL live longer here', async () => {
    network.agent = request => {
      const real = network.now;
      network.now += 3_600_000;
      return network.seal(request).finally(() => {
        network.now = real;
      });
    };
    const read = reader();
    await read();
    network.now += 61_000;
    await read();
    expect(network.count('agent.test')).toBe(2);
  });

  test('many readers of one asset wait for one request', async () => {
    const read = reader();
    const answers = await Promise.all(Array.from({ length: 20 }, () => read()));
    expect(answers.every(answer => answer.ok)).toBe(true);
    expect([network.count('/grant'), network.count('agent.test'), network.count('bucket.test')]).toEqual([1, 1, 20]);
  });

  test('looks at many assets are gathered, fifty to a request', async () => {
    const read = reader();
    await Promise.all(Array.from({ length: 60 }, (_, number) => read(viewUrl(numbered(number)))));
    expect([network.count('/assets/grant'), network.count('agent.test')]).toEqual([2, 2]);
  });

  test('a refused URL is renewed once, silently', async () => {
    let refusals = 1;
    network.storage = () => refusals-- > 0 ? new Response('', { status: 403 }) : new Response('pixels');
    expect((await reader()()).status).toBe(200);
    expect(network.count('agent.test')).toBe(2);
  });

  test('a connection that breaks is tried again, with a proof of its own', async () => {
    let breaks = 2;
    network.agent = request => breaks-- > 0 ? Promise.reject(new TypeError('Failed to fetch')) : network.seal(request);
    expect((await reader()()).status).toBe(200);
    const proofs = network.asked.filter(one => one.url.includes('agent.test')).map(one => (JSON.parse(String(one.init.body)) as { proof: string }).proof);
    expect(new Set(proofs).size).toBe(3);
  });

  test('storage that breaks off before its answer is read again', async () => {
    let breaks = 1;
    network.storage = () => breaks-- > 0 ? Promise.reject(new TypeError('Failed to fetch')) : new Response('pixels');
    expect((await reader()()).status).toBe(200);
    expect(network.count('agent.test')).toBe(1);
  });

  test('a grant that the agent finds lapsed is replaced once', async () => {
    let refusals = 1;
    network.agent = request => refusals-- > 0 ? Response.json({ code: 'grant.expired', detail: '' }, { status: 401 }) : network.seal(request);
    expect((await reader()()).status).toBe(200);
    expect(network.count('/grant')).toBe(2);
  });
});

describe('refusals say why', () => {
  test.each([
    [403, 'asset.storage_forbidden'], [404, 'asset.gone'], [500, 'asset.storage_failed'], [503, 'asset.storage_failed'],
  ])('storage answers %i', async (status, code) => {
    network.storage = () => new Response('<Error>internal words</Error>', { status });
    const answer = await reader()();
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ code, upstreamStatus: status });
  });

  test('storage that cannot be reached', async () => {
    network.storage = () => Promise.reject(new TypeError('Failed to fetch'));
    expect(await codeOf(await reader()())).toBe('asset.storage_unreachable');
  });

  test('storage that does not answer in time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      network.storage = (_, init) => new Promise((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        void vi.advanceTimersByTimeAsync(20_000);
      });
      const answer = reader()();
      await vi.advanceTimersByTimeAsync(10);
      expect(await codeOf(await answer)).toBe('asset.storage_slow');
    } finally {
      vi.useRealTimers();
    }
  });

  test('an agent that cannot be reached', async () => {
    network.agent = () => Promise.reject(new TypeError('Failed to fetch'));
    expect(await codeOf(await reader()())).toBe('asset.agent_unreachable');
  });

  test('an agent that refuses the proof keeps its own code and words', async () => {
    network.agent = () => Response.json({ code: 'proof.skew', detail: 'The clock is 95 s ahead.' }, { status: 401 });
    const answer = await reader()();
    expect(await answer.json()).toMatchObject({ code: 'proof.skew', detail: 'The clock is 95 s ahead.' });
  });

  test('an object that the agent refuses', async () => {
    network.agent = request => network.seal(request, {
      payload: { objects: [{ object: request.objects[0], refusal: { code: 'policy.prefix', detail: 'Outside the prefixes.' } }] },
    });
    expect(await codeOf(await reader()())).toBe('policy.prefix');
  });

  test('a control plane that is away', async () => {
    network.controlPlane = () => Promise.reject(new TypeError('Failed to fetch'));
    expect(await codeOf(await reader()())).toBe('asset.offline');
  });

  test('a grant that is refused keeps its code', async () => {
    network.controlPlane = () => Response.json({ code: 'task.not_held', detail: '' }, { status: 409 });
    expect(await codeOf(await reader()())).toBe('task.not_held');
  });

  test('an asset that the grant does not name', async () => {
    network.controlPlane = async () => Response.json({ ...await network.grant([]), objects: {} });
    expect(await codeOf(await reader()())).toBe('asset.unknown');
  });
});

describe('an answer is trusted only whole', () => {
  const untrusted = async () => expect(await codeOf(await reader()())).toBe('asset.answer_untrusted');

  test('signed by another key', async () => {
    const stranger = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    network.agent = request => network.seal(request, { signer: stranger.privateKey });
    await untrusted();
  });

  test('signed by the second of two replicas is fine', async () => {
    const other = await TestNetwork.create();
    network.agentKeys = [...other.agentKeys, ...network.agentKeys];
    expect((await reader()()).status).toBe(200);
  });

  test.each([
    ['another request', { payload: { jti: 'other' } }],
    ['another grant', { payload: { ath: 'other' } }],
    ['another party in the key agreement', { apv: 'other' }],
    ['another kind of token', { typ: 'JWT' }],
    ['no objects', { payload: { objects: 'none' } }],
  ])('made for %s', async (_, bend) => {
    network.agent = request => network.seal(request, bend);
    await untrusted();
  });

  test('changed on the way, in each of its parts', async () => {
    for (const part of [0, 2, 3, 4]) {
      network.agent = async request => {
        const parts = (await (await network.seal(request)).text()).split('.');
        const text = parts[part] ?? '';
        parts[part] = (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
        return new Response(parts.join('.'));
      };
      await untrusted();
    }
  });

  test('larger than an answer may be', async () => {
    network.agent = () => new Response('a'.repeat(256 * 1024 + 1));
    await untrusted();
  });
});

describe('paths', () => {
  test.each([
    `${origin}/asset/work.${projectId}/${assetId}`, `${origin}/asset/view.${projectId}/../${assetId}`, `${origin}/assets/x.js`,
    `https://other.test/asset/view.${projectId}/${assetId}`, `${origin}/asset/view.${projectId}/${assetId}/more`,
  ])('%s is not an asset', url => {
    expect(assetOf(new URL(url), origin)).toBeUndefined();
  });
});
