import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query';
import { api, isProblem, type SessionView } from '../../api';
import { deleteBrowserKey, forgetAssets, keepPendingKey, makePendingKey, readBrowserKey, signProof, type BrowserKey } from '../../media';

/** Who is signed in here, with the session unlocked by this browser's key; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => readSession(signal),
  staleTime: 60_000,
  retry: false,
});

async function readSession(signal: AbortSignal): Promise<SessionView | null> {
  let session: SessionView;
  try {
    session = await api.session.read(signal);
  } catch (error) {
    if (isProblem(error) && error.status === 401) return null;
    throw error;
  }
  const key = await readBrowserKey();
  if (!key) {
    // Without its key a session can get no grants: signing in again makes a new one.
    await api.session.end();
    return null;
  }
  return session.locked ? unlock(session, key) : session;
}

async function unlock(session: SessionView, key: BrowserKey): Promise<SessionView> {
  const { proof } = await signProof(key, { htu: `${location.origin}/api/session/unlock`, sid: session.sessionId });
  return api.session.unlock(proof);
}

/**
 * Signs in. (1) make the key that this session will be bound to; (2) present the password with its thumbprint;
 * (3) keep the key; (4) unlock the session by a proof over its id.
 */
export async function signIn(client: QueryClient, email: string, password: string): Promise<SessionView> {
  const key = await makePendingKey();
  const session = await api.session.start({ email, password, keyThumbprint: key.thumbprint });
  await keepPendingKey();
  const unlocked = session.locked ? await unlock(session, key) : session;
  client.clear();
  endedByServer = false;
  client.setQueryData(sessionQuery.queryKey, unlocked);
  return unlocked;
}

/** Ends the session here and everything that it could read. */
export async function signOut(client: QueryClient): Promise<void> {
  await api.session.end();
  await forgetAssets();
  await deleteBrowserKey();
  client.clear();
  client.setQueryData(sessionQuery.queryKey, null);
}

/** The session of a page that only signed-in people see. */
export function useSession(): SessionView {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error('This page is drawn only for people who are signed in.');
  return data;
}

export const managesOrganization = (session: SessionView) => session.organization.role !== 'member';

let endedByServer = false;

/** The server said that the session is over: every page gives way to the sign-in, which says so. */
export function sessionEnded(client: QueryClient): void {
  endedByServer = Boolean(client.getQueryData(sessionQuery.queryKey));
  client.setQueryData(sessionQuery.queryKey, null);
}

export const wasSignedOut = (): boolean => endedByServer;
