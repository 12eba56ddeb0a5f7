import { openDB, type DBSchema } from 'idb';
import type { Road } from './protocol';

/** Which road to an agent worked last. */
export interface RoadMemory {
  of(agentId: string): Promise<Road | undefined>;
  remember(agentId: string, road: Road): Promise<void>;
}

interface Remembered { readonly road: Road; readonly until: number }
interface RoadStore extends DBSchema {
  roads: { key: string; value: Remembered };
}

/** After that the direct road is tried again: the browser may have come into the agent's network, or left it. */
const keptMilliseconds = 10 * 60_000;

/** Remembers in this browser, over the end of a worker, which lives for half a minute. Nothing about it is secret. */
export function rememberedRoads(now: () => number = Date.now): RoadMemory {
  const database = openDB<RoadStore>('hybrid-roads', 1, { upgrade: db => void db.createObjectStore('roads') });
  // Without a database (a private window that forbids it) each worker finds out anew.
  database.catch(() => undefined);
  const known = new Map<string, Remembered>();
  return {
    async of(agentId) {
      const found = known.get(agentId) ?? await database.then(db => db.get('roads', agentId), () => undefined);
      return found && found.until > now() ? found.road : undefined;
    },
    async remember(agentId, road) {
      const entry = { road, until: now() + keptMilliseconds };
      known.set(agentId, entry);
      await database.then(db => db.put('roads', entry, agentId), () => undefined);
    },
  };
}
