import { rememberedRoads } from '../roads';
import { protocolVersion, type WorkerReply, type WorkerRequest } from '../protocol';
import { AccessCache } from './access';
import { assetOf } from './assetPath';
import { controlPlane } from './controlPlane';
import { within } from './failure';
import { serveAsset } from './serveAsset';

declare const self: ServiceWorkerGlobalScope & {
  /** The server's own line before this script: the digest of this worker's origins. */
  readonly __HYBRID?: { readonly version: string; readonly connect: readonly string[] };
};

const origin = self.location.origin;
const fetcher = within([origin, ...self.__HYBRID?.connect ?? []]);
const cache = new AccessCache(controlPlane(origin), rememberedRoads(), fetcher);

self.addEventListener('install', event => event.waitUntil(self.skipWaiting()));
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', event => {
  if (event.request.method !== 'GET' && event.request.method !== 'HEAD') return;
  const asset = assetOf(new URL(event.request.url), origin);
  if (asset) event.respondWith(serveAsset(asset, event.request, cache, fetcher));
});

self.addEventListener('message', event => {
  const request = event.data as WorkerRequest;
  const reply = (answer: WorkerReply) => event.ports[0]?.postMessage(answer);
  switch (request.kind) {
    case 'hello':
      reply({ protocol: protocolVersion, kind: 'hello', version: self.__HYBRID?.version ?? '' });
      break;
    case 'forget':
      cache.forget();
      reply({ protocol: protocolVersion, kind: 'done' });
      break;
    case 'drop': {
      const asset = assetOf(new URL(request.path, origin), origin);
      if (asset) cache.drop(asset);
      reply({ protocol: protocolVersion, kind: 'done' });
      break;
    }
  }
});
