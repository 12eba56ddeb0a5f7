import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { api, isProblem, type SessionView } from '../../api';
import { deleteBrowserKey, forgetAssets, keepKey, keepPendingKey, makeKey, makePendingKey, readBrowserKey, signProof, workerAssets, type AssetSource, type BrowserKey } from '../../media';
import { speakFor } from '../../words';
import { answerPasskey } from './passkeys';

/** Who is signed in here, with the session unlocked by this browser's key; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal, client }) => {
    const session = await readSession(signal);
    const before = client.getQueryData<SessionView | null>(['session']);
    // Only a page that is not drawn yet: drawing one anew would lose what was typed.
    if (session && !before) await spoken(session);
    if (session || !before) return session;
    // Pages stay as they are, with what was typed, until the same person signs in again over them.
    changeEnded(true);
    return before;
  },
  staleTime: 60_000,
  retry: false,
});

/** The person's own language; when its catalogue does not come, the one that is spoken already does. */
const spoken = (session: SessionView) => speakFor(session.language).catch(() => undefined);

async function readSession(signal: AbortSignal): Promise<SessionView | null> {
  const key = await readBrowserKey();
  // Without its key a session can get no grants: signing in makes a new one in its place, and nothing needs to be asked.
  if (!key) return null;
  let session: SessionView;
  try {
    session = await api.session.read(signal);
  } catch (error) {
    if (isProblem(error) && error.status === 401) return null;
    throw error;
  }
  // The sign-in page asks for the second factor.
  if (session.awaitsFactor) return null;
  return session.locked ? unlock(session, key) : session;
}

/** A sign-in of this browser that waits for its second factor: one that came back from an identity provider. */
export async function awaitingFactor(signal?: AbortSignal): Promise<SessionView | null> {
  if (!await readBrowserKey()) return null;
  try {
    const session = await api.session.read(signal);
    return session.awaitsFactor ? session : null;
  } catch {
    return null;
  }
}

async function unlock(session: SessionView, key: BrowserKey): Promise<SessionView> {
  const { proof } = await signProof(key, { htu: `${location.origin}/api/session/unlock`, sid: session.sessionId });
  return api.session.unlock(proof);
}

/** What a person signs in by. Without a code an account with an authenticator asks for one. */
export interface Credentials { readonly email: string; readonly password: string; readonly code: string | undefined }

/**
 * Signs in. (1) make the key that this session will be bound to; (2) present the password with its thumbprint;
 * (3) keep the key; (4) give the second factor, where the account has one; (5) unlock the session by a proof over its id.
 */
async function beginSession({ email, password, code }: Credentials): Promise<SessionView> {
  if (code !== undefined) {
    const key = await readBrowserKey();
    const begun = await api.session.factor(code);
    return begun.locked && key ? unlock(begun, key) : begun;
  }

  const key = await makePendingKey();
  const session = await api.session.start({ email, password, keyThumbprint: key.thumbprint });
  await keepPendingKey();
  return session.locked && !session.awaitsFactor ? unlock(session, key) : session;
}

/** A passkey for a session that waits for its second factor. */
async function giveFactorByPasskey(): Promise<SessionView> {
  const key = await readBrowserKey();
  const begun = await api.session.factorByPasskey(await answerPasskey(await api.session.askForOwnPasskey()));
  return begun.locked && key ? unlock(begun, key) : begun;
}

/** How a passkey is asked for: by a press, under the field until one is chosen there, or as the second factor. */
export type PasskeyWay = { readonly kind: 'alone' } | { readonly kind: 'underField'; readonly signal: AbortSignal } | { readonly kind: 'factor' };

/** Signs in by a passkey alone. The key of the session is made before, as ever; the question is good only for the browser that has it. */
async function beginByPasskey(way: PasskeyWay): Promise<SessionView> {
  if (way.kind === 'factor') return giveFactorByPasskey();
  const key = await makeKey();
  const question = await api.session.askForPasskey(key.thumbprint);
  const answer = await answerPasskey(question, way.kind === 'underField' ? { waitsUnderField: true, signal: way.signal } : {});
  const begun = await api.session.startByPasskey(key.thumbprint, answer);
  await keepKey(key);
  return unlock(begun, key);
}

/** Whether the person has yet to say where they work today. */
export const hasChoice = (session: SessionView): boolean => session.organizations.length > 1;

/** Signs in by a passkey, or comes as far as the choice of an organization. */
export async function signInByPasskey(client: QueryClient, way: PasskeyWay): Promise<SessionView> {
  const session = await beginByPasskey(way);
  return hasChoice(session) ? session : arrive(client, session);
}

/** Goes to another organization: a new session there for the same key of this browser, in place of this one. */
export async function goToOrganization(client: QueryClient, organizationId: string): Promise<SessionView> {
  const key = await readBrowserKey();
  const begun = await api.session.goTo(organizationId);
  const session = begun.locked && key ? await unlock(begun, key) : begun;
  await forgetAssets();
  return arrive(client, session);
}

/** The pages open for this session. */
export async function arrive(client: QueryClient, session: SessionView): Promise<SessionView> {
  await spoken(session);
  changeEnded(false);
  become(client, session);
  return session;
}

/**
 * Leaves for the organization's identity provider. The key is made and kept before, and its thumbprint travels in the sign-in's own state:
 * the session that the browser comes back with is unlocked by it like any other.
 */
export async function signInAtProvider(providerId: string, returnTo: string): Promise<void> {
  const key = await makePendingKey();
  const { url } = await api.session.startAtProvider({ providerId, keyThumbprint: key.thumbprint, returnTo });
  await keepPendingKey();
  location.assign(url);
}

/** Signs in, or comes as far as the second factor, which the answer then awaits, or as the choice of an organization. */
export async function signIn(client: QueryClient, credentials: Credentials): Promise<SessionView> {
  const session = await beginSession(credentials);
  return session.awaitsFactor || hasChoice(session) ? session : arrive(client, session);
}

/** Signs the same person in over the page that they were on: nothing on it is lost, and what failed can be sent again. */
export async function signInAgain(client: QueryClient, credentials: Credentials): Promise<SessionView> {
  const session = await beginSession(credentials);
  return session.awaitsFactor ? session : comeBack(client, session);
}

/** The same by a passkey; another person's begins anew, and sees nothing of the page. */
export async function signInAgainByPasskey(client: QueryClient, way: PasskeyWay): Promise<SessionView> {
  const before = client.getQueryData(sessionQuery.queryKey);
  const session = await beginByPasskey(way);
  if (before && before.person.id !== session.person.id) {
    location.assign('/');
    return new Promise(() => undefined);
  }

  return comeBack(client, session);
}

/** The page is of one organization: back to it, whichever the sign-in began in. */
async function comeBack(client: QueryClient, begun: SessionView): Promise<SessionView> {
  const before = client.getQueryData(sessionQuery.queryKey);
  let session = begun;
  if (before && before.organization.id !== begun.organization.id) {
    const key = await readBrowserKey();
    const there = await api.session.goTo(before.organization.id);
    session = there.locked && key ? await unlock(there, key) : there;
  }

  client.setQueryData(sessionQuery.queryKey, session);
  changeEnded(false);
  void client.invalidateQueries({ predicate: query => query.queryKey[0] !== 'session' });
  return session;
}

/** Ends the session here and everything that it could read; one that an identity provider began ends there too, where the browser goes next. */
export async function signOut(client: QueryClient): Promise<void> {
  const { url } = await api.session.end();
  await forgetAssets();
  await deleteBrowserKey();
  become(client, null);
  if (url) location.assign(url);
}

/**
 * Another person from here on, or nobody: what was read for the one before is dropped. The session itself is replaced and never dropped,
 * since pages look at it: they would go on looking at the dropped one.
 */
function become(client: QueryClient, session: SessionView | null): void {
  client.setQueryData(sessionQuery.queryKey, session);
  client.removeQueries({ predicate: query => query.queryKey[0] !== 'session' });
  client.getMutationCache().clear();
}

/** The session of a page that only signed-in people see. */
export function useSession(): SessionView {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error('This page is drawn only for people who are signed in.');
  return data;
}

/** Pictures by the service worker, which the session's word keeps up to date with the organization's agents and storage. */
export const sessionAssets = (client: QueryClient): AssetSource => workerAssets(async anew =>
  (await client.fetchQuery({ ...sessionQuery, staleTime: anew ? 0 : Infinity }))?.workerVersion ?? '');

export const managesOrganization = (session: SessionView) => session.organization.role !== 'member';

let ended = false;
const listeners = new Set<() => void>();
function changeEnded(next: boolean): void {
  ended = next;
  for (const listener of listeners) listener();
}

/** The server said that the session is over: the page stays, and asks for the password over it. */
export function sessionEnded(client: QueryClient): void {
  if (client.getQueryData(sessionQuery.queryKey)) changeEnded(true);
}

/** Nobody was at the page: the session ends here and on the server, and the page asks for the password over itself. */
export async function endedByIdleness(client: QueryClient): Promise<void> {
  await api.session.end().catch(() => undefined);
  await forgetAssets();
  await deleteBrowserKey();
  sessionEnded(client);
}

/** True from the server's word that the session is over until somebody has signed in again. */
export function useSessionEnded(): boolean {
  return useSyncExternalStore(listener => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => ended);
}
