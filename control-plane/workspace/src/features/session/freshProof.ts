import { isProblem } from '../../api';

let ask: () => Promise<boolean> = () => Promise.resolve(false);

/** How to ask the person for a fresh proof that it is they; false when they do not want to. */
export function whenProofIsWanted(how: () => Promise<boolean>): void {
  ask = how;
}

let asked: Promise<boolean> | undefined;

/** One question, however many acts wait for its answer. */
const proven = () => asked ??= ask().finally(() => {
  asked = undefined;
});

/** Does an act; when it wants a fresh proof the person is asked for one, and it is done once more. */
export async function withProof<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    if (isProblem(error, 'session.step_up') && await proven()) return act();
    throw error;
  }
}
