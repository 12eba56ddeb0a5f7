import { isChoice, type Ontology, type Option, type Question, type RelationKind, type Tool, type ToolKind } from './ontology';

/** An ontology with its look-ups made once. */
export class OntologyIndex {
  readonly tools: readonly Tool[];
  readonly questions: readonly Question[];
  readonly relations: readonly RelationKind[];
  private readonly toolById: ReadonlyMap<string, Tool>;
  private readonly positionById: ReadonlyMap<string, number>;
  private readonly questionById = new Map<string, Question>();
  private readonly relationById: ReadonlyMap<string, RelationKind>;
  private readonly keyById: ReadonlyMap<string, string>;

  constructor(readonly ontology: Ontology) {
    this.tools = ontology.tools;
    this.questions = ontology.questions ?? [];
    this.relations = ontology.relations ?? [];
    this.toolById = new Map(this.tools.map(tool => [tool.id, tool]));
    this.positionById = new Map(this.tools.map((tool, at) => [tool.id, at]));
    this.relationById = new Map(this.relations.map(relation => [relation.id, relation]));
    this.indexQuestions(this.questions);
    for (const tool of this.tools) this.indexQuestions(tool.questions ?? []);
    this.keyById = classKeys(this.tools);
  }

  tool(id: string): Tool | undefined {
    return this.toolById.get(id);
  }

  /** The position of a class in the ontology (its colour follows it); `-1` when unknown. */
  positionOf(toolId: string): number {
    return this.positionById.get(toolId) ?? -1;
  }

  toolsOfKind(kind: ToolKind): readonly Tool[] {
    return this.tools.filter(tool => tool.kind === kind);
  }

  /** A question anywhere in the ontology, nested ones included. */
  question(id: string): Question | undefined {
    return this.questionById.get(id);
  }

  relation(id: string): RelationKind | undefined {
    return this.relationById.get(id);
  }

  /** The key that chooses the class, as printed beside it; `undefined` beyond the ninth without a key of its own. */
  keyOf(toolId: string): string | undefined {
    return this.keyById.get(toolId);
  }

  /** The class that a key chooses. */
  toolOfKey(key: string): Tool | undefined {
    for (const [id, own] of this.keyById) if (own === key.toLowerCase()) return this.tool(id);
    return undefined;
  }

  private indexQuestions(questions: readonly Question[]): void {
    for (const question of questions) {
      this.questionById.set(question.id, question);
      if (isChoice(question)) for (const option of question.options) this.indexQuestions(option.questions ?? []);
    }
  }
}

export const optionOf = (question: Question, id: string): Option | undefined =>
  isChoice(question) ? question.options.find(option => option.id === id) : undefined;

/** Own keys first (one digit 1–9 each), then the free digits in order: letters and 0 belong to the keyboard table. */
function classKeys(tools: readonly Tool[]): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  const taken = new Set<string>();
  for (const tool of tools) {
    const own = tool.key ?? '';
    if (/^[1-9]$/.test(own) && !taken.has(own)) {
      keys.set(tool.id, own);
      taken.add(own);
    }
  }
  const free = '123456789'.split('').filter(digit => !taken.has(digit));
  for (const tool of tools) {
    if (keys.has(tool.id)) continue;
    const digit = free.shift();
    if (digit) keys.set(tool.id, digit);
  }
  return keys;
}
