import type { LabelObject } from '../model/document';

/** One object that is another now: unset `before` it is new, unset `after` it is gone; the same twice: only its place in the order changed. */
export interface Changed {
  readonly before?: LabelObject;
  readonly after?: LabelObject;
}

/** What differs between two lists, found by identity: an edit shares every object that it does not touch. */
export function changedObjects(before: readonly LabelObject[], after: readonly LabelObject[]): Changed[] {
  if (before === after) return [];
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let endBefore = before.length;
  let endAfter = after.length;
  while (endBefore > start && endAfter > start && before[endBefore - 1] === after[endAfter - 1]) {
    endBefore--;
    endAfter--;
  }
  const old = before.slice(start, endBefore);
  const now = after.slice(start, endAfter);
  const oldById = new Map(old.map(object => [object.id, object]));
  const nowIds = new Set(now.map(object => object.id));
  const changed: Changed[] = old.filter(object => !nowIds.has(object.id)).map(object => ({ before: object }));
  const keptBefore = old.filter(object => nowIds.has(object.id));
  let at = 0;
  let ordered = true;
  for (const object of now) {
    const earlier = oldById.get(object.id);
    if (!earlier) {
      changed.push({ after: object });
      continue;
    }
    if (keptBefore[at++]?.id !== object.id) ordered = false;
    if (earlier !== object) changed.push({ before: earlier, after: object });
  }
  // The order among them changed: each may now be painted over another.
  if (!ordered) for (const object of now) if (oldById.get(object.id) === object) changed.push({ before: object, after: object });
  return changed;
}
