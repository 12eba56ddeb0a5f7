export interface Line { name: string; connectionId: string | null; document: unknown }

/** The lines of a file, `[{ "name": …, "document": … }]`; nothing when it is something else. */
export function linesOf(text: string): Line[] | undefined {
  try {
    const read: unknown = JSON.parse(text);
    if (!Array.isArray(read) || read.length === 0) return undefined;
    return read.map((line: unknown) => {
      if (typeof line !== 'object' || line === null || !('name' in line) || typeof line.name !== 'string' || !('document' in line)) throw new TypeError();
      return { name: line.name, connectionId: 'connectionId' in line && typeof line.connectionId === 'string' ? line.connectionId : null, document: line.document };
    });
  } catch {
    return undefined;
  }
}
