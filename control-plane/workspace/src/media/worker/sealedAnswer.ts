import { base64url, compactDecrypt, compactVerify, importJWK, type JWK } from 'jose';
import { AssetFailure } from './failure';

/** `[connection, key, version]`, as grants digest it. */
export type ObjectTriple = readonly [connection: string, key: string, version: string | null];

export interface ObjectAccess {
  readonly object: ObjectTriple;
  readonly url: string;
  /** The value for `Content-Language`: the half of the secret that is not in the URL. */
  readonly header: string;
  readonly expiresAt: string;
  readonly contentType?: string | null;
  readonly size?: number | null;
  readonly etag?: string | null;
  readonly refusal?: null;
}

export interface ObjectRefusal {
  readonly object: ObjectTriple;
  readonly refusal: { readonly code: string; readonly detail: string };
}

/** The agent writes every member; what does not apply is null. */
export const isRefused = (answer: ObjectAccess | ObjectRefusal): answer is ObjectRefusal => answer.refusal !== null && answer.refusal !== undefined;

export interface UrlAnswer {
  readonly jti: string;
  readonly ath: string;
  /** The agent's clock when it answered, in seconds. */
  readonly iat: number;
  readonly objects: readonly (ObjectAccess | ObjectRefusal)[];
  /** Why the whole request was refused. */
  readonly refusal?: { readonly code: string; readonly detail: string } | null;
}

export const largestAnswer = 256 * 1024;
const tampered = (detail: string) => new AssetFailure('asset.answer_untrusted', 502, detail);

/** What the answer must belong to: the request it answers and the agent that was asked. */
export interface Expected {
  readonly jti: string;
  readonly ath: string;
  readonly agentKeys: readonly JWK[];
}

/**
 * Opens the agent's answer: JWE to this request's own key, around a JWS by the agent's key. Algorithms and types are
 * fixed here and never taken from the message.
 */
export async function openAnswer(sealed: string, sealingKey: CryptoKey, expected: Expected): Promise<UrlAnswer> {
  if (sealed.length > largestAnswer) throw tampered('The answer is larger than 256 KiB.');
  const inner = await decrypt(sealed, sealingKey, expected.jti);
  const answer = await verify(inner, expected.agentKeys);
  if (answer.jti !== expected.jti) throw tampered('The answer belongs to another request.');
  if (answer.ath !== expected.ath) throw tampered('The answer belongs to another grant.');
  if (!Array.isArray(answer.objects)) throw tampered('The answer holds no objects.');
  return answer;
}

async function decrypt(sealed: string, sealingKey: CryptoKey, jti: string): Promise<string> {
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, sealingKey, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    if (protectedHeader.apv !== base64url.encode(jti)) throw new Error('apv');
    return new TextDecoder().decode(plaintext);
  } catch {
    throw tampered('The answer could not be opened with the key of this request.');
  }
}

async function verify(inner: string, keys: readonly JWK[]): Promise<UrlAnswer> {
  for (const jwk of keys) {
    try {
      const key = await importJWK({ kty: 'EC', crv: 'P-256', x: jwk.x ?? '', y: jwk.y ?? '' }, 'ES256');
      const { payload } = await compactVerify(inner, key, { algorithms: ['ES256'] });
      const header = JSON.parse(new TextDecoder().decode(base64url.decode(inner.split('.', 1)[0] ?? ''))) as { typ?: string };
      if (header.typ !== 'hybrid-answer+jwt') break;
      return JSON.parse(new TextDecoder().decode(payload)) as UrlAnswer;
    } catch {
      // Signed by another of the agent's keys: an agent has one key per replica.
    }
  }
  throw tampered('The answer is not signed by this agent.');
}
