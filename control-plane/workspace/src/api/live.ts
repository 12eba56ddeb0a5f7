import type { HubConnection } from '@microsoft/signalr';

/** What of a project can have changed. */
export type LiveKind = 'threads' | 'guidelines' | 'queueJobs';
type Listener = (projectId: string, kind: LiveKind) => void;

/** A place in a project may have been taken away meanwhile: the server is asked anew. */
const againMilliseconds = 5 * 60_000;

const watched = new Map<string, number>();
const listeners = new Set<Listener>();
let link: Promise<HubConnection> | undefined;

/** The one link of this page; the library comes when it is first wanted, since nothing on the first screen waits for it. */
async function connect(): Promise<HubConnection> {
  const { HubConnectionBuilder, HttpTransportType, LogLevel } = await import('@microsoft/signalr');
  const made = new HubConnectionBuilder()
    .withUrl('/live', { transport: HttpTransportType.WebSockets, skipNegotiation: true })
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: ({ previousRetryCount }) => Math.min(60_000, 1_000 * 2 ** previousRetryCount) * (0.5 + Math.random() / 2) })
    .configureLogging(LogLevel.None)
    .build();
  made.on('changed', (projectId: string, kind: LiveKind) => {
    for (const listener of listeners) listener(projectId, kind);
  });
  made.onreconnected(() => {
    for (const projectId of watched.keys()) {
      void made.invoke('Watch', projectId).catch(() => undefined);
      // What changed while nobody could say so.
      for (const listener of listeners) for (const kind of ['threads', 'guidelines', 'queueJobs'] as const) listener(projectId, kind);
    }
  });
  await made.start();
  return made;
}

/** Hears when something of a project has changed; the answer ends that. Without the link pages still ask by themselves, only less often. */
export function watchProject(projectId: string, listener: Listener): () => void {
  listeners.add(listener);
  watched.set(projectId, (watched.get(projectId) ?? 0) + 1);
  const say = () => {
    link ??= connect().catch((error: unknown) => {
      link = undefined;
      throw error;
    });
    void link.then(made => made.invoke('Watch', projectId)).catch(() => undefined);
  };
  say();
  const timer = setInterval(say, againMilliseconds);
  return () => {
    clearInterval(timer);
    listeners.delete(listener);
    const left = (watched.get(projectId) ?? 1) - 1;
    if (left > 0) watched.set(projectId, left);
    else watched.delete(projectId);
    if (watched.size > 0 || !link) return;
    const closing = link;
    link = undefined;
    void closing.then(made => made.stop()).catch(() => undefined);
  };
}
