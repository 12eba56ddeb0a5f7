import { protocolVersion, type WorkerReply, type WorkerRequest } from './protocol';

declare global {
  interface Window {
    readonly trustedTypes?: {
      createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
    };
  }
}

/** Why pictures cannot be shown in this page at all. */
export class WorkerUnavailable extends Error {
  constructor(readonly code: 'worker.unsupported' | 'worker.not_in_control' | 'worker.failed') {
    super(code);
    this.name = 'WorkerUnavailable';
  }
}

const script = '/sw.js';
const reloadMark = 'hybrid.reloaded-for-worker';
const claimMilliseconds = 3_000;
const updateMilliseconds = 10_000;
const againMilliseconds = 250;

let policy: { createScriptURL(url: string): unknown } | undefined;

/** The only script address that this page may ever hand to a worker sink. */
function scriptUrl(): string {
  const rules = {
    createScriptURL(url: string): string {
      if (url !== script) throw new TypeError('Only the service worker of this product may be started.');
      return url;
    },
  };
  policy ??= window.trustedTypes?.createPolicy('hybrid-worker', rules) ?? rules;
  return policy.createScriptURL(script) as string;
}

let started: Promise<ServiceWorkerRegistration> | undefined;

/**
 * Registers the worker and waits until it controls this page. After a hard reload (Shift) the browser leaves the page
 * without it: then the page loads itself once more, normally.
 */
export function startWorker(): Promise<ServiceWorkerRegistration> {
  return (started ??= start().catch((error: unknown) => {
    started = undefined;
    throw error;
  }));
}

async function start(): Promise<ServiceWorkerRegistration> {
  if (!('serviceWorker' in navigator)) throw new WorkerUnavailable('worker.unsupported');
  try {
    await navigator.serviceWorker.register(scriptUrl(), { scope: '/', type: 'classic', updateViaCache: 'none' });
  } catch {
    throw new WorkerUnavailable('worker.failed');
  }
  const registration = await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) await controlled(claimMilliseconds);
  if (!navigator.serviceWorker.controller) {
    if (sessionStorage.getItem(reloadMark)) throw new WorkerUnavailable('worker.not_in_control');
    sessionStorage.setItem(reloadMark, '1');
    location.reload();
    return new Promise(() => undefined);
  }
  sessionStorage.removeItem(reloadMark);
  return registration;
}

function controlled(milliseconds: number): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}

/** Sends one message to the controlling worker and waits for its answer. */
async function ask(request: WorkerRequest): Promise<WorkerReply | undefined> {
  const worker = navigator.serviceWorker.controller;
  if (!worker) return undefined;
  return new Promise(resolve => {
    const channel = new MessageChannel();
    const timer = setTimeout(() => resolve(undefined), 2_000);
    channel.port1.onmessage = event => {
      clearTimeout(timer);
      resolve(event.data as WorkerReply);
    };
    worker.postMessage(request, [channel.port2]);
  });
}

async function runningVersion(): Promise<string | undefined> {
  const reply = await ask({ protocol: protocolVersion, kind: 'hello' });
  return reply?.kind === 'hello' ? reply.version : undefined;
}

let ensured: { version: string; done: Promise<void> } | undefined;

/**
 * Makes sure that the worker's policy knows every origin of this session before the first asset is read. A browser
 * keeps the old policy until the script's bytes change, so the version is a digest of the origins. `anew`: the running
 * one has shown to be another.
 */
export function ensureWorker(expectedVersion: string, anew = false): Promise<void> {
  if (!anew && ensured?.version === expectedVersion) return ensured.done;
  const done = bringUpToDate(expectedVersion).catch((error: unknown) => {
    ensured = undefined;
    throw error;
  });
  ensured = { version: expectedVersion, done };
  return done;
}

async function bringUpToDate(expectedVersion: string): Promise<void> {
  const registration = await startWorker();
  const until = Date.now() + updateMilliseconds;
  // More than one round: the browser answers an update with one that it had begun before the session, or the agent, was there.
  while (await runningVersion() !== expectedVersion && Date.now() < until) {
    await registration.update();
    const newest = registration.installing ?? registration.waiting ?? registration.active;
    // Also one that is active already may not have this page yet, whose requests then still go to the one before.
    await (newest === navigator.serviceWorker.controller ? pause(againMilliseconds) : controlled(Math.max(0, until - Date.now())));
  }
  // A worker that is still the old one shows itself by its first refused asset, with the reason.
}

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds));

/** Sign-out: grants and URLs leave the worker's memory. */
export async function forgetAssets(): Promise<void> {
  if ('serviceWorker' in navigator) await ask({ protocol: protocolVersion, kind: 'forget' });
}

/** A retry by hand starts from a fresh grant. */
export async function dropAsset(path: string): Promise<void> {
  await ask({ protocol: protocolVersion, kind: 'drop', path });
}
