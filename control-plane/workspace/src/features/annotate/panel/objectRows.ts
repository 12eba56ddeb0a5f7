import type { LabelDocument, LabelObject, OntologyIndex } from '../../../engine';

export type ObjectRow =
  | { readonly kind: 'class'; readonly toolId: string; readonly name: string; readonly ids: readonly string[]; readonly open: boolean }
  | { readonly kind: 'object'; readonly object: LabelObject; readonly number: number };

/** The lines of the list: classes in the ontology's order with what is drawn of them, unknown classes last. */
export function rowsOf({ objects }: LabelDocument, ontology: OntologyIndex, closed: ReadonlySet<string>): ObjectRow[] {
  const byClass = new Map<string, LabelObject[]>();
  for (const object of objects) {
    const same = byClass.get(object.tool);
    if (same) same.push(object);
    else byClass.set(object.tool, [object]);
  }
  const order = [...byClass.keys()].sort((a, b) => place(ontology, a) - place(ontology, b));
  return order.flatMap(toolId => {
    const same = byClass.get(toolId) ?? [];
    const open = !closed.has(toolId);
    const head: ObjectRow = { kind: 'class', toolId, name: ontology.tool(toolId)?.name ?? toolId, ids: same.map(object => object.id), open };
    return [head, ...(open ? same.map((object, at): ObjectRow => ({ kind: 'object', object, number: at + 1 })) : [])];
  });
}

const place = (ontology: OntologyIndex, toolId: string): number => {
  const at = ontology.positionOf(toolId);
  return at < 0 ? Infinity : at;
};
