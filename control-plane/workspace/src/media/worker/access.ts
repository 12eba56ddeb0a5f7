import { decodeJwt } from 'jose';
import type { Road } from '../protocol';
import { rememberedRoads, type RoadMemory } from '../roads';
import { askAgent, objectsPerRequest } from './agent';
import type { AssetAddress, AssetContext } from './assetPath';
import type { Grant, GrantSource } from './controlPlane';
import { AssetFailure } from './failure';
import { isRefused, type ObjectAccess, type ObjectRefusal, type ObjectTriple } from './sealedAnswer';

/** Grants and URLs are dropped this long before they lapse, so that a request under way still finds them valid. */
const marginMilliseconds = 5_000;
/** Readers that arrive within one frame share one request. */
const gatherMilliseconds = 8;

/** A value with the local time until which it serves. Only spans are taken from others: their clocks may differ. */
interface Kept<T> {
  readonly value: T;
  readonly until: number;
}

/** A URL, and the road by which it came. */
export interface RoadAccess extends ObjectAccess {
  readonly road: Road;
  readonly agentId: string;
}

interface Waiting {
  readonly assetId: string;
  readonly settle: (result: Promise<RoadAccess>) => void;
}

/**
 * Who may read what, until when: a cache in memory, never the truth. One grant request and one agent request serve all
 * readers that wait in a context.
 */
export class AccessCache {
  readonly #source: GrantSource;
  readonly #fetcher: typeof fetch;
  readonly #now: () => number;
  readonly #roads: RoadMemory;
  readonly #grants = new Map<string, Kept<Grant>>();
  readonly #access = new Map<string, Kept<RoadAccess>>();
  readonly #inFlight = new Map<string, Promise<RoadAccess>>();
  readonly #waiting = new Map<string, { context: AssetContext; readers: Waiting[] }>();

  constructor(source: GrantSource, roads: RoadMemory = rememberedRoads(), fetcher: typeof fetch = fetch, now: () => number = Date.now) {
    this.#source = source;
    this.#roads = roads;
    this.#fetcher = fetcher;
    this.#now = now;
  }

  get(asset: AssetAddress): Promise<RoadAccess> {
    const id = `${asset.contextKey}/${asset.assetId}`;
    const known = this.#access.get(id);
    if (known && this.#fresh(known)) return Promise.resolve(known.value);
    const running = this.#inFlight.get(id);
    if (running) return running;
    const asked = this.#gather(asset).finally(() => this.#inFlight.delete(id));
    this.#inFlight.set(id, asked);
    return asked;
  }

  /** The URL no longer works: the next reader asks anew, with a fresh grant. */
  drop(asset: AssetAddress): void {
    this.#access.delete(`${asset.contextKey}/${asset.assetId}`);
    this.#grants.delete(asset.contextKey);
  }

  forget(): void {
    this.#access.clear();
    this.#grants.clear();
  }

  #fresh(kept: Kept<unknown>): boolean {
    return kept.until - marginMilliseconds > this.#now();
  }

  #gather(asset: AssetAddress): Promise<RoadAccess> {
    return new Promise<RoadAccess>(settle => {
      const reader = { assetId: asset.assetId, settle };
      const waiting = this.#waiting.get(asset.contextKey);
      if (waiting) {
        waiting.readers.push(reader);
        return;
      }
      this.#waiting.set(asset.contextKey, { context: asset.context, readers: [reader] });
      // A task has one asset: nobody else will come, so nobody waits.
      setTimeout(() => this.#ask(asset.contextKey), asset.context.act === 'work' ? 0 : gatherMilliseconds);
    });
  }

  #ask(contextKey: string): void {
    const waiting = this.#waiting.get(contextKey);
    this.#waiting.delete(contextKey);
    if (!waiting) return;
    for (let start = 0; start < waiting.readers.length; start += objectsPerRequest) {
      const readers = waiting.readers.slice(start, start + objectsPerRequest);
      const answers = this.#request(contextKey, waiting.context, readers.map(reader => reader.assetId));
      for (const reader of readers) {
        reader.settle(answers.then(found => {
          const answer = found.get(reader.assetId);
          if (!answer) throw new AssetFailure('asset.unknown', 404);
          if (isRefused(answer)) throw new AssetFailure(answer.refusal.code, 403, answer.refusal.detail);
          return answer;
        }));
      }
    }
  }

  async #request(contextKey: string, context: AssetContext, assetIds: readonly string[]) {
    const found = new Map<string, RoadAccess | ObjectRefusal>();
    try {
      await this.#answer(found, contextKey, context, assetIds);
    } catch (error) {
      // A grant that lapsed or was replaced while it was kept here: one fresh one, then the reason is shown.
      if (!(error instanceof AssetFailure && error.code.startsWith('grant.') && this.#grants.delete(contextKey))) throw error;
      await this.#answer(found, contextKey, context, assetIds);
    }
    return found;
  }

  async #answer(
    found: Map<string, RoadAccess | ObjectRefusal>, contextKey: string, context: AssetContext, assetIds: readonly string[],
  ): Promise<void> {
    const grant = await this.#grant(contextKey, context, assetIds);
    const wanted = assetIds.flatMap(assetId => {
      const object = grant.objects[assetId];
      return object ? [{ assetId, object }] : [];
    });
    if (wanted.length === 0) return;
    const asked = this.#now();
    const call = {
      grant, projectId: context.projectId, key: await this.#source.key(), origin: this.#source.origin, roads: this.#roads, fetcher: this.#fetcher,
    };
    const { objects, iat, road } = await askAgent(call, wanted.map(one => one.object));
    const byObject = new Map(objects.map(answer => [same(answer.object), answer]));
    for (const { assetId, object } of wanted) {
      const answer = byObject.get(same(object));
      if (!answer) continue;
      const known = isRefused(answer) ? answer : { ...answer, road, agentId: grant.agent.id };
      found.set(assetId, known);
      if (isRefused(known)) continue;
      this.#access.set(`${contextKey}/${assetId}`, { value: known, until: asked + Date.parse(known.expiresAt) - iat * 1000 });
    }
  }

  async #grant(contextKey: string, context: AssetContext, assetIds: readonly string[]): Promise<Grant> {
    const known = this.#grants.get(contextKey);
    if (known && this.#fresh(known) && assetIds.every(id => id in known.value.objects)) return known.value;
    const asked = this.#now();
    const grant = await this.#source.grant(context, assetIds);
    const { iat = 0, exp = 0 } = decodeJwt(grant.grant);
    this.#grants.set(contextKey, { value: grant, until: asked + (exp - iat) * 1000 });
    return grant;
  }
}

const same = (object: ObjectTriple) => JSON.stringify(object);
