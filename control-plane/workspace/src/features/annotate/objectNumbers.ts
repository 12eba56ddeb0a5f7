import type { LabelDocument, LabelObject } from '../../engine';

const numbers = new WeakMap<readonly LabelObject[], ReadonlyMap<string, number>>();

/** The number of an object among those of its class, from 1, in the document's order. */
export function numberOf({ objects }: LabelDocument, id: string): number {
  let known = numbers.get(objects);
  if (!known) {
    const counts = new Map<string, number>();
    known = new Map(objects.map(object => {
      const number = (counts.get(object.tool) ?? 0) + 1;
      counts.set(object.tool, number);
      return [object.id, number];
    }));
    numbers.set(objects, known);
  }
  return known.get(id) ?? 0;
}
