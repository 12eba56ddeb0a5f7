import { replacing } from '../history/edit';
import { withAnswer } from '../model/answers';
import { objectOf, type AnswerValue } from '../model/document';
import type { Workspace } from '../store/workspace';

/** Answers a question of an object, or of the whole picture. `again`: typing goes on, and one undo takes the text back. */
export function answer(ws: Workspace, objectId: string | undefined, questionId: string, value: AnswerValue | null, again = false): void {
  const { document } = ws.state;
  if (objectId === undefined) {
    ws.run({ name: 'answer', objects: [], answers: { before: document.answers, after: withAnswer(ws.ontology.questions, document.answers, questionId, value) } }, again);
    return;
  }
  const object = objectOf(document, objectId);
  if (!object) return;
  const questions = ws.ontology.tool(object.tool)?.questions ?? [];
  ws.run({ name: 'answer', objects: replacing(document, [{ ...object, answers: withAnswer(questions, object.answers, questionId, value) }]) }, again);
}
