/** A person as texts of threads name them. */
export interface Mentioned { readonly id: string; readonly name: string }

const mention = /@\[([A-Za-z0-9_-]{20,40}|\?)\]/g;

/** A text cut at its mentions: words, and people in the places where they stand. */
export function partsOf(text: string, people: readonly Mentioned[]): readonly (string | Mentioned)[] {
  const parts: (string | Mentioned)[] = [];
  let from = 0;
  for (const found of text.matchAll(mention)) {
    if (found.index > from) parts.push(text.slice(from, found.index));
    parts.push(people.find(person => person.id === found[1]) ?? { id: '?', name: '?' });
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

export const plainText = (text: string, people: readonly Mentioned[]): string =>
  partsOf(text, people).map(part => typeof part === 'string' ? part : `@${part.name}`).join('');

/** What is being typed behind an @, up to the caret; nothing when no person is being named. */
export function askedPerson(text: string, caret: number): { readonly from: number; readonly search: string } | undefined {
  const found = /(?:^|\s)@([\p{L}\p{N}.'’ -]{0,40})$/u.exec(text.slice(0, caret));
  return found ? { from: caret - (found[1]?.length ?? 0) - 1, search: found[1] ?? '' } : undefined;
}

/** What was typed, with the names that were chosen as the ids that are sent. Longer names go first: one may begin another. */
export function toSend(text: string, chosen: readonly Mentioned[]): string {
  return [...chosen].sort((one, other) => other.name.length - one.name.length).reduce((sent, { id, name }) => sent.replaceAll(`@${name}`, `@[${id}]`), text);
}
