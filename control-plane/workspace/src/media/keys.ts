import { calculateJwkThumbprint, exportJWK } from 'jose';
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** The browser's signing key: the private half never leaves WebCrypto. */
export interface BrowserKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string };
  /** RFC 7638 thumbprint, base64url: what the session is bound to. */
  readonly thumbprint: string;
}

interface KeyStore extends DBSchema {
  keys: { key: 'pending' | 'current'; value: BrowserKey };
}

let database: Promise<IDBPDatabase<KeyStore>> | undefined;
const open = () => (database ??= openDB<KeyStore>('hybrid-keys', 1, { upgrade: db => void db.createObjectStore('keys') }));

/** Makes a key, which is kept nowhere yet. */
export async function makeKey(): Promise<BrowserKey> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const jwk = await exportJWK(pair.publicKey);
  if (!jwk.x || !jwk.y) throw new Error('WebCrypto exported a public key without coordinates.');
  const publicJwk = { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y } as const;
  return { privateKey: pair.privateKey, publicJwk, thumbprint: await calculateJwkThumbprint(publicJwk) };
}

/** The sign-in that a key was made for succeeded: it is now this browser's key. */
export async function keepKey(key: BrowserKey): Promise<void> {
  await (await open()).put('keys', key, 'current');
}

/** Makes the key of the next sign-in. It replaces the current one only when that sign-in succeeds. */
export async function makePendingKey(): Promise<BrowserKey> {
  const key = await makeKey();
  await (await open()).put('keys', key, 'pending');
  return key;
}

/** The sign-in succeeded: its key is now this browser's key. */
export async function keepPendingKey(): Promise<void> {
  const change = (await open()).transaction('keys', 'readwrite');
  const pending = await change.store.get('pending');
  if (pending) {
    await change.store.put(pending, 'current');
    await change.store.delete('pending');
  }
  await change.done;
}

export async function readBrowserKey(): Promise<BrowserKey | undefined> {
  return (await open()).get('keys', 'current');
}

/** Sign-out and idle logout: without the key the session's grants are worth nothing. */
export async function deleteBrowserKey(): Promise<void> {
  await (await open()).clear('keys');
}
