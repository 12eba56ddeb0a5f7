import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WorkerRequest } from './protocol';

/** A worker that says its version after the page's own turn, as a real one does. */
class Worker {
  constructor(readonly version: string) {}
  postMessage(request: WorkerRequest, [port]: MessagePort[]) {
    if (request.kind === 'hello') port?.postMessage({ protocol: 1, kind: 'hello', version: this.version });
  }
}

class Container extends EventTarget {
  controller: Worker | null = null;
  readonly registration = {
    installing: null as Worker | null, waiting: null as Worker | null, active: null as Worker | null,
    update: vi.fn(() => Promise.resolve()),
  };
  readonly ready = Promise.resolve(this.registration);
  register = () => this.ready;

  takesControl(worker: Worker) {
    this.registration.active = this.controller = worker;
    this.dispatchEvent(new Event('controllerchange'));
  }
}

let container: Container;
let ensureWorker: (version: string, anew?: boolean) => Promise<void>;

beforeEach(async () => {
  container = new Container();
  container.takesControl(new Worker('before'));
  vi.stubGlobal('navigator', { serviceWorker: container });
  vi.stubGlobal('window', {});
  vi.stubGlobal('sessionStorage', { removeItem: () => undefined });
  vi.resetModules();
  ({ ensureWorker } = await import('./registration'));
});

afterEach(() => vi.unstubAllGlobals());

test('a worker that runs already with the origins is left alone', async () => {
  await ensureWorker('before');
  expect(container.registration.update).not.toHaveBeenCalled();
});

test('a new worker that is active, but does not have this page yet, is waited for', async () => {
  const now = new Worker('now');
  container.registration.update.mockImplementation(() => {
    container.registration.active = now;
    setTimeout(() => container.takesControl(now), 20);
    return Promise.resolve();
  });
  await ensureWorker('now');
  expect(container.controller?.version).toBe('now');
});

test('an update that had begun earlier and brings the earlier worker is followed by another', async () => {
  container.registration.update
    .mockImplementationOnce(() => Promise.resolve())
    .mockImplementation(() => {
      container.takesControl(new Worker('now'));
      return Promise.resolve();
    });
  await ensureWorker('now');
  expect(container.registration.update).toHaveBeenCalledTimes(2);
  expect(container.controller?.version).toBe('now');
});
