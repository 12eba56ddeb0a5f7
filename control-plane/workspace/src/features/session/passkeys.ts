import { ApiProblem, type PasskeyAnswer, type PasskeyQuestion } from '../../api';

/** Whether this browser can use passkeys here: never on an address that is a bare number, for which browsers have none. */
export const passkeysPossible = (): boolean =>
  window.isSecureContext && typeof PublicKeyCredential === 'function'
  && 'parseRequestOptionsFromJSON' in PublicKeyCredential && 'parseCreationOptionsFromJSON' in PublicKeyCredential
  && !/^[\d.]+$|:/.test(location.hostname);

/** Whether the browser offers passkeys in the list under a field, without having been asked. */
export const offersPasskeys = async (): Promise<boolean> =>
  passkeysPossible() && 'isConditionalMediationAvailable' in PublicKeyCredential && await PublicKeyCredential.isConditionalMediationAvailable();

/** A passkey on a device of the person's choice. */
export async function makePasskey(question: PasskeyQuestion): Promise<PasskeyAnswer> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(question.options as PublicKeyCredentialCreationOptionsJSON);
  return answerTo(question, () => navigator.credentials.create({ publicKey }));
}

/** The answer of a device that has a fitting passkey. */
export async function answerPasskey(question: PasskeyQuestion, { waitsUnderField = false, signal }: { readonly waitsUnderField?: boolean; readonly signal?: AbortSignal } = {}): Promise<PasskeyAnswer> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(question.options as PublicKeyCredentialRequestOptionsJSON);
  return answerTo(question, () => navigator.credentials.get({ publicKey, ...waitsUnderField && { mediation: 'conditional' as const }, ...signal && { signal } }));
}

/** Browsers say little of why nothing came, so that no page learns which passkeys there are; what they do say becomes a reason that can be worded. */
async function answerTo(question: PasskeyQuestion, ask: () => Promise<Credential | null>): Promise<PasskeyAnswer> {
  let credential: Credential | null;
  try {
    credential = await ask();
  } catch (error) {
    if (!(error instanceof DOMException) || error.name === 'AbortError') throw error;
    throw new ApiProblem(error.name === 'InvalidStateError' ? 'passkey.known' : 'passkey.none_given', 0);
  }

  if (!(credential instanceof PublicKeyCredential)) throw new ApiProblem('passkey.none_given', 0);
  return { ceremony: question.ceremony, credential: credential.toJSON() };
}
