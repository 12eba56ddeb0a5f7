import { beforeEach, describe, expect, test } from 'vitest';
import { assetOf } from './assetPath';
import { serveAsset } from './serveAsset';
import { agentId, assetId, origin, projectId, taskId, TestNetwork } from './testing';

let network: TestNetwork;
beforeEach(async () => {
  network = await TestNetwork.create();
});

async function read() {
  const url = `${origin}/asset/work.${projectId}.${taskId}/${assetId}`;
  const asset = assetOf(new URL(url), origin);
  if (!asset) throw new Error('not an asset');
  const answer = await serveAsset(asset, new Request(url), network.cache(), network.fetch);
  return { status: answer.status, road: answer.headers.get('x-hybrid-road'), body: answer.ok ? undefined : await answer.json() as { code: string; detail: string } };
}

const gone = () => Promise.reject(new TypeError('Failed to fetch'));
const relayed = () => network.count(`/agents/${agentId}/urls`);

describe('the road is picked by itself', () => {
  test('directly, when the agent answers at once; and that is remembered', async () => {
    expect(await read()).toMatchObject({ status: 200, road: 'direct' });
    expect(network.remembered.get(agentId)).toBe('direct');
    expect(relayed()).toBe(0);
  });

  test('by the relay, when the agent is not reached; the next picture asks there first', async () => {
    network.agent = gone;
    network.relay = request => network.seal(request);
    expect(await read()).toMatchObject({ status: 200, road: 'relay' });
    expect(await read()).toMatchObject({ status: 200, road: 'relay' });
    expect(network.count('agent.test')).toBe(1);
    expect(relayed()).toBe(2);
  });

  test('by the relay, when the agent has not answered after half a second', async () => {
    network.agent = (_, init) => new Promise((_resolve, reject) => init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))));
    network.relay = request => network.seal(request);
    const started = performance.now();
    expect(await read()).toMatchObject({ status: 200, road: 'relay' });
    expect(performance.now() - started).toBeGreaterThan(450);
  });

  test('by the relay alone, when the agent has no address for browsers', async () => {
    network.agentUrl = null;
    network.relay = request => network.seal(request);
    expect(await read()).toMatchObject({ status: 200, road: 'relay' });
    expect(network.count('agent.test')).toBe(0);
  });

  test('directly again, when the relay that was remembered has no link to the agent', async () => {
    network.remembered.set(agentId, 'relay');
    expect(await read()).toMatchObject({ status: 200, road: 'direct' });
    expect(network.remembered.get(agentId)).toBe('direct');
  });
});

describe('the relay is trusted with nothing', () => {
  beforeEach(() => {
    network.agentUrl = null;
  });

  test('a refusal that the agent sealed is the agent\'s', async () => {
    network.relay = request => network.seal(request, { payload: { objects: [], refusal: { code: 'proof.skew', detail: 'The clock is 95 s ahead.' } } });
    expect((await read()).body).toMatchObject({ code: 'proof.skew', detail: 'The clock is 95 s ahead.' });
  });

  test('a refusal that nobody sealed is not', async () => {
    network.relay = () => Response.json({ code: 'policy.refused', detail: 'Made up.' }, { status: 403 });
    expect((await read()).body).toMatchObject({ code: 'asset.relay_refused', detail: 'Made up.' });
  });

  test('what the control plane says for itself stays its own', async () => {
    network.relay = () => Response.json({ code: 'session.none', detail: '' }, { status: 401 });
    expect((await read()).body).toMatchObject({ code: 'session.none' });
  });

  test('an answer of an earlier request is refused', async () => {
    let earlier: string | undefined;
    network.relay = async request => {
      earlier ??= await (await network.seal(request)).text();
      return new Response(earlier);
    };
    expect((await read()).status).toBe(200);
    expect((await read()).body).toMatchObject({ code: 'asset.answer_untrusted' });
  });

  test.each(['proof', 'grant'] as const)('a request whose %s it changed gets no answer that opens', async field => {
    network.relay = request => network.seal({ ...request, grant: field === 'grant' ? 'x.y.z' : request.grant }, field === 'proof' ? { payload: { jti: 'other' } } : {});
    expect((await read()).body).toMatchObject({ code: 'asset.answer_untrusted' });
  });

  test('nothing but an answer is taken for one', async () => {
    network.relay = () => new Response('<html>Sign in to the proxy</html>', { status: 200 });
    expect((await read()).body).toMatchObject({ code: 'asset.answer_untrusted' });
  });
});
