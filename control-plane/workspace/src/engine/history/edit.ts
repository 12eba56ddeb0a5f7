import { positionOf, type Answers, type LabelDocument, type LabelObject, type Relation } from '../model/document';

/** What an undo step is called in the palette and in announcements. */
export type EditName = 'draw' | 'move' | 'reshape' | 'insertVertex' | 'removeVertex' | 'remove' | 'paste' | 'duplicate' | 'reclass' | 'answer' | 'order';

/** One object before and after: unset `before` adds it, unset `after` removes it. Places count in the document before and after. */
export interface ObjectChange {
  readonly before?: LabelObject;
  readonly beforeAt?: number;
  readonly after?: LabelObject;
  readonly afterAt?: number;
}

/** A command with its inverse: it holds what was and what will be, so that turning it round is exact. */
export interface Edit {
  readonly name: EditName;
  readonly objects: readonly ObjectChange[];
  readonly answers?: { readonly before: Answers; readonly after: Answers };
  readonly relations?: { readonly before: readonly Relation[]; readonly after: readonly Relation[] };
}

/** The edit that takes this one back. */
export const inverse = (edit: Edit): Edit => ({
  name: edit.name,
  objects: edit.objects.map(({ before, beforeAt, after, afterAt }) => ({
    ...(after && { before: after }), ...(afterAt !== undefined && { beforeAt: afterAt }),
    ...(before && { after: before }), ...(beforeAt !== undefined && { afterAt: beforeAt }),
  })),
  ...(edit.answers && { answers: { before: edit.answers.after, after: edit.answers.before } }),
  ...(edit.relations && { relations: { before: edit.relations.after, after: edit.relations.before } }),
});

/** The document after the edit; what did not change is shared. */
export function apply(edit: Edit, document: LabelDocument): LabelDocument {
  return {
    ...document,
    ...(edit.objects.length > 0 && { objects: applyObjects(edit.objects, document.objects) }),
    ...(edit.answers && { answers: edit.answers.after }),
    ...(edit.relations && { relations: edit.relations.after }),
  };
}

function applyObjects(changes: readonly ObjectChange[], objects: readonly LabelObject[]): readonly LabelObject[] {
  const next = objects.slice();
  if (changes.every(change => change.before && change.after && change.beforeAt === change.afterAt)) {
    for (const { after, afterAt } of changes) if (after && afterAt !== undefined) next[afterAt] = after;
    return next;
  }
  // (1) take out, from the last place to the first; (2) put in, from the first place to the last: so each place means what it says.
  const out = changes.flatMap(change => change.beforeAt ?? []).sort((a, b) => b - a);
  for (const at of out) next.splice(at, 1);
  const into = changes.filter(change => change.after !== undefined).sort((a, b) => (a.afterAt ?? 0) - (b.afterAt ?? 0));
  for (const { after, afterAt } of into) if (after) next.splice(afterAt ?? next.length, 0, after);
  return next;
}

/** Objects that stay where they are in the order, and become others. */
export const replacing = (document: LabelDocument, objects: readonly LabelObject[]): ObjectChange[] =>
  objects.flatMap(after => {
    const at = positionOf(document, after.id);
    const before = document.objects[at];
    return before && before !== after ? [{ before, beforeAt: at, after, afterAt: at }] : [];
  });

/** New objects on top of all others. */
export const adding = (document: LabelDocument, objects: readonly LabelObject[]): ObjectChange[] =>
  objects.map((after, i) => ({ after, afterAt: document.objects.length + i }));

export const removing = (document: LabelDocument, ids: Iterable<string>): ObjectChange[] =>
  [...ids].flatMap(id => {
    const at = positionOf(document, id);
    const before = document.objects[at];
    return before ? [{ before, beforeAt: at }] : [];
  });

export const isEmpty = (edit: Edit): boolean => edit.objects.length === 0 && edit.answers === undefined && edit.relations === undefined;

/** Two edits as one: what was before the first, what is after the second. Only for edits that replace the same things. */
export function merged(first: Edit, second: Edit): Edit | undefined {
  if (first.name !== second.name || first.objects.length !== second.objects.length || first.answers?.after !== second.answers?.before) return undefined;
  const objects: ObjectChange[] = [];
  for (const [i, one] of first.objects.entries()) {
    const other = second.objects[i];
    if (!one.before || !one.after || one.after !== other?.before || one.afterAt !== other.beforeAt) return undefined;
    objects.push({ ...one, ...(other.after && { after: other.after }), ...(other.afterAt !== undefined && { afterAt: other.afterAt }) });
  }
  return { name: first.name, objects, ...(first.answers && second.answers && { answers: { before: first.answers.before, after: second.answers.after } }) };
}
