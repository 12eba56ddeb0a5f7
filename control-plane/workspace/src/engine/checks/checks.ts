import type { Size } from '../geometry';
import { askedQuestions, isUnanswered } from '../model/answers';
import type { Answers, LabelDocument } from '../model/document';
import type { OntologyIndex } from '../model/ontology-index';
import type { Question } from '../model/ontology';
import { drawnKindOf, faultOf, type Fault } from '../shapes';

/** What the server would refuse on submit, found before it is sent. The server has the last word. */
export type Finding =
  /** A required question without an answer; of the whole picture when there is no object. */
  | { readonly kind: 'answer'; readonly objectId?: string; readonly question: Question }
  | { readonly kind: 'shape'; readonly objectId: string; readonly fault: Fault }
  | { readonly kind: 'tooFew' | 'tooMany'; readonly toolId: string; readonly name: string; readonly count: number; readonly limit: number };

/** Every finding: shapes and their answers in the document's order, then counts, then the picture's own answers. */
export function findingsOf(document: LabelDocument, ontology: OntologyIndex, picture: Size): Finding[] {
  const findings: Finding[] = [];
  const counts = new Map<string, number>();
  for (const object of document.objects) {
    counts.set(object.tool, (counts.get(object.tool) ?? 0) + 1);
    const kind = drawnKindOf(ontology, object);
    const fault = kind && faultOf(kind, object.geometry, picture);
    if (fault) findings.push({ kind: 'shape', objectId: object.id, fault });
    for (const question of unanswered(ontology.tool(object.tool)?.questions ?? [], object.answers)) findings.push({ kind: 'answer', objectId: object.id, question });
  }
  for (const { id, name, min, max } of ontology.tools) {
    const count = counts.get(id) ?? 0;
    if (typeof min === 'number' && count < min) findings.push({ kind: 'tooFew', toolId: id, name, count, limit: min });
    if (typeof max === 'number' && count > max) findings.push({ kind: 'tooMany', toolId: id, name, count, limit: max });
  }
  for (const question of unanswered(ontology.questions, document.answers)) findings.push({ kind: 'answer', question });
  return findings;
}

const unanswered = (questions: readonly Question[], answers: Answers): Question[] =>
  askedQuestions(questions, answers).flatMap(({ question }) => question.required === true && isUnanswered(answers[question.id]) ? [question] : []);
