import type { Answers, AnswerValue } from './document';
import { isChoice, type Question } from './ontology';

/** A question that is asked now, and how deep it is nested (0: not at all). */
export interface AskedQuestion {
  readonly question: Question;
  readonly depth: number;
}

/** The questions that are asked, in order: nested ones follow their parent while their option is chosen. */
export function askedQuestions(questions: readonly Question[], answers: Answers, depth = 0): AskedQuestion[] {
  const asked: AskedQuestion[] = [];
  for (const question of questions) {
    asked.push({ question, depth });
    if (!isChoice(question)) continue;
    const chosen = answers[question.id];
    if (!Array.isArray(chosen)) continue;
    for (const option of question.options) {
      if (option.questions?.length && chosen.includes(option.id)) {
        asked.push(...askedQuestions(option.questions, answers, depth + 1));
      }
    }
  }
  return asked;
}

/** True for nothing chosen and nothing written. */
export const isUnanswered = (value: AnswerValue | null | undefined): boolean =>
  value === undefined || value === null || (typeof value === 'number' ? Number.isNaN(value) : value.length === 0);

/** The answers after one changed; answers whose option is no longer chosen are dropped, to any depth. */
export function withAnswer(questions: readonly Question[], answers: Answers, id: string, value: AnswerValue | null): Answers {
  const next: Record<string, AnswerValue> = { ...answers };
  if (value === null || isUnanswered(value)) delete next[id];
  else next[id] = value;
  return withoutUnasked(questions, next);
}

/** Only answers to questions that are asked. */
export function withoutUnasked(questions: readonly Question[], answers: Answers): Answers {
  const kept: Record<string, AnswerValue> = {};
  for (const { question } of askedQuestions(questions, answers)) {
    const value = answers[question.id];
    if (value !== undefined) kept[question.id] = value;
  }
  return kept;
}
