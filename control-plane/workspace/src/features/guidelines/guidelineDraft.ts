/** What somebody is writing: the whole of the next version, and the one that it is based on. */
export interface GuidelineDraft {
  readonly basedOn: number;
  readonly text: string;
  readonly sections: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly mustRead: boolean;
}

const place = (projectId: string, personId: string) => `hybrid.guideline.${personId}.${projectId}`;

/** The draft that this browser keeps for the person; a page that was closed, or a machine that went down, loses nothing. */
export function keptDraft(projectId: string, personId: string): GuidelineDraft | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place(projectId, personId)) ?? 'null');
    return isDraft(kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps it; false when the browser has no room for it. */
export function keepDraft(projectId: string, personId: string, draft: GuidelineDraft): boolean {
  try {
    localStorage.setItem(place(projectId, personId), JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export const dropDraft = (projectId: string, personId: string): void => localStorage.removeItem(place(projectId, personId));

/** Whether both would make the same version. */
export function isSame(one: Pick<GuidelineDraft, 'text' | 'sections'>, other: Pick<GuidelineDraft, 'text' | 'sections'>): boolean {
  const filled = (sections: GuidelineDraft['sections']) => JSON.stringify(Object.entries(sections).filter(([, text]) => text.trim() !== '').sort(([a], [b]) => a.localeCompare(b)));
  return one.text === other.text && filled(one.sections) === filled(other.sections);
}

function isDraft(kept: unknown): kept is GuidelineDraft {
  if (!kept || typeof kept !== 'object') return false;
  const { basedOn, text, sections, reason, mustRead } = kept as Partial<Record<keyof GuidelineDraft, unknown>>;
  return typeof basedOn === 'number' && typeof text === 'string' && typeof reason === 'string' && typeof mustRead === 'boolean'
    && typeof sections === 'object' && sections !== null && Object.values(sections).every(one => typeof one === 'string');
}
