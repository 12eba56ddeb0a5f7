import { isChoice, type Ontology, type Option, type Question, type QuestionKind, type ToolKind } from '../../engine';
import { t } from '../../words';

/** The kinds that can be drawn on pictures today; the others are kept as they are when a document already has them. */
export const offeredTools: readonly ToolKind[] = ['box', 'polygon', 'polyline', 'point'];
export const offeredQuestions: readonly QuestionKind[] = ['single', 'multiple', 'dropdown', 'text', 'number'];
const choices: readonly QuestionKind[] = ['single', 'multiple', 'dropdown', 'ranking'];

/** The options of a question that has any. */
export const optionsOf = (question: Question): readonly Option[] => isChoice(question) ? question.options : [];

/** The question as another kind; options go along where the kind has them. */
export function asKind(question: Question, kind: QuestionKind): Question {
  const { id, text, required = false } = question;
  return (choices.includes(kind) ? { id, kind, text, required, options: optionsOf(question) } : { id, kind, text, required }) as Question;
}

/** Told apart by colour-blind people, on photographs. */
const colors = ['#E4572E', '#2E86AB', '#F2C14E', '#3BB273', '#9B5DE5', '#F15BB5', '#00BBF9', '#B5651D', '#7A9E7E', '#5C6BC0', '#FF8FA3', '#8D99AE'];
export const nextColor = (used: readonly (string | null | undefined)[]) => colors.find(color => !used.includes(color)) ?? colors[used.length % colors.length] ?? '#E4572E';

/** A stable id made of a name, free among those in use. */
export function slug(name: string, used: ReadonlySet<string>, fallback: string): string {
  const base = name.normalize('NFD').toLowerCase().replace(/\p{M}/gu, '').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 56) || fallback;
  if (!used.has(base)) return base;
  for (let number = 2; ; number++) if (!used.has(`${base}-${number}`)) return `${base}-${number}`;
}

export function startingOntology(): Ontology {
  return { tools: [{ id: 'object', kind: 'box', name: t('ontology.firstTool'), color: nextColor([]), key: '1', min: 0, max: null, questions: [] }], questions: [], relations: [] };
}

/** Every id of an ontology, since ids are unique in the whole of it. */
export function idsOf(ontology: Ontology): Set<string> {
  const ids = new Set<string>();
  const visit = (questions: readonly Question[] | undefined) => {
    for (const question of questions ?? []) {
      ids.add(question.id);
      for (const option of optionsOf(question)) {
        visit(option.questions);
      }
    }
  };
  for (const tool of ontology.tools) {
    ids.add(tool.id);
    visit(tool.questions);
  }
  visit(ontology.questions);
  return ids;
}

/** What stops an ontology from being saved, in sentences. The control plane checks the same and more. */
export function ontologyFaults(ontology: Ontology): readonly string[] {
  const faults: string[] = [];
  if (ontology.tools.length === 0 && (ontology.questions ?? []).length === 0) faults.push(t('ontology.fault.empty'));
  const keys = new Map<string, string>();
  const visit = (questions: readonly Question[] | undefined) => {
    for (const question of questions ?? []) {
      if (!question.text.trim()) faults.push(t('ontology.fault.question', { id: question.id }));
      if (isChoice(question) && question.options.length === 0) faults.push(t('ontology.fault.options', { text: question.text }));
      for (const option of optionsOf(question)) {
        if (!option.text.trim()) faults.push(t('ontology.fault.option', { text: question.text }));
        visit(option.questions);
      }
    }
  };
  for (const tool of ontology.tools) {
    if (!tool.name.trim()) faults.push(t('ontology.fault.name', { id: tool.id }));
    if (tool.key) {
      const other = keys.get(tool.key);
      if (other) faults.push(t('ontology.fault.key', { key: tool.key, one: other, two: tool.name }));
      keys.set(tool.key, tool.name);
    }
    if (tool.max !== null && tool.max !== undefined && tool.max < (tool.min ?? 0)) faults.push(t('ontology.fault.range', { name: tool.name }));
    visit(tool.questions);
  }
  visit(ontology.questions);
  return faults;
}

/** Reads a document that was typed as JSON; a sentence when it is none. */
export function parseOntology(text: string): Ontology | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return t('ontology.fault.json', { reason: error instanceof Error ? error.message : '' });
  }
  const { tools, questions, relations } = (value && typeof value === 'object' ? value : {}) as Partial<Ontology>;
  if (!Array.isArray(tools) || (questions !== undefined && !Array.isArray(questions)) || (relations !== undefined && !Array.isArray(relations))) return t('ontology.fault.shape');
  if (tools.some(tool => typeof tool?.id !== 'string' || typeof tool.name !== 'string' || typeof tool.kind !== 'string')) return t('ontology.fault.tools');
  return { tools, questions: questions ?? [], relations: relations ?? [] } as Ontology;
}
