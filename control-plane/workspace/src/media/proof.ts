import { SignJWT } from 'jose';
import type { BrowserKey } from './keys';

/** What a proof is about. `htu` is absolute and without query; `method` is always POST in this product. */
export interface ProofClaims {
  readonly htu: string;
  readonly htm?: string;
  /** Base64url SHA-256 of the grant's ASCII form. */
  readonly ath?: string;
  /** Base64url SHA-256 of the canonical form of the objects asked for. */
  readonly odh?: string;
  /** The key to which the answer is sealed. */
  readonly epk?: JsonWebKey;
  /** The session that this proof unlocks. */
  readonly sid?: string;
}

/** A DPoP proof (RFC 9449) by the browser's key, and its `jti`. */
export async function signProof(key: BrowserKey, { htm = 'POST', ...claims }: ProofClaims, now = Date.now()) {
  const jti = crypto.randomUUID();
  const proof = await new SignJWT({ ...claims, htm, jti })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: key.publicJwk })
    .setIssuedAt(Math.floor(now / 1000))
    .sign(key.privateKey);
  return { proof, jti };
}

export async function sha256(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...digest)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
