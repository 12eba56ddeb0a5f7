import type { Answers, LabelDocument, LabelObject } from '../model/document';

/** One difference between the label that is judged and what the reviewer has now. */
export type Difference =
  | { readonly kind: 'added'; readonly after: LabelObject }
  | { readonly kind: 'removed'; readonly before: LabelObject }
  | {
    readonly kind: 'changed'; readonly before: LabelObject; readonly after: LabelObject;
    readonly moved: boolean; readonly reclassed: boolean;
    /** Questions whose answers differ. */
    readonly answers: readonly string[];
  }
  /** Answers about the whole picture. */
  | { readonly kind: 'answers'; readonly before: Answers; readonly after: Answers; readonly answers: readonly string[] };

/** What differs, followed by object ids: removed ones first, then the document's order, then the picture's answers. */
export function compare(before: LabelDocument, after: LabelDocument): Difference[] {
  const old = new Map(before.objects.map(object => [object.id, object]));
  const kept = new Set(after.objects.map(object => object.id));
  const differences: Difference[] = before.objects.filter(object => !kept.has(object.id)).map(object => ({ kind: 'removed', before: object }));
  for (const object of after.objects) {
    const earlier = old.get(object.id);
    if (!earlier) {
      differences.push({ kind: 'added', after: object });
      continue;
    }
    if (earlier === object) continue;
    const moved = !same(earlier.geometry, object.geometry);
    const reclassed = earlier.tool !== object.tool;
    const answers = changedAnswers(earlier.answers, object.answers);
    if (moved || reclassed || answers.length > 0) differences.push({ kind: 'changed', before: earlier, after: object, moved, reclassed, answers });
  }
  const answers = changedAnswers(before.answers, after.answers);
  if (answers.length > 0) differences.push({ kind: 'answers', before: before.answers, after: after.answers, answers });
  return differences;
}

const changedAnswers = (before: Answers, after: Answers): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(id => !same(before[id], after[id]));

/** Deep equality of what JSON can hold; the order of members says nothing. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, i) => same(one, b[i]));
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every(key => key in b && same(a[key as keyof typeof a], b[key as keyof typeof b]));
}
