import { api, explain, isProblem } from '../../api';
import { say } from '../../ui';
import { t } from '../../words';
import { dropDraft, keepDraft, unsentDrafts, type LocalDraft, type Sending } from './draftStore';

/** The part of the control plane that sending again needs. */
export type OutboxCalls = Pick<typeof api.tasks, 'read' | 'submit' | 'review'>;

let running: Promise<void> | undefined;

/**
 * Sends what this person had sent from a page that was closed before the answer came: under the same key, so that it counts once however
 * often it arrives. What cannot be sent stays their draft. The person is told of each.
 */
export function sendAgain(personId: string, calls: OutboxCalls = api.tasks): Promise<void> {
  return (running ??= everything(personId, calls).finally(() => {
    running = undefined;
  }));
}

async function everything(personId: string, calls: OutboxCalls): Promise<void> {
  const drafts = await unsentDrafts(personId).catch(() => []);
  for (const draft of drafts) {
    if (draft.sending) await one(draft, draft.sending, calls);
  }
}

async function one(draft: LocalDraft, sending: Sending, calls: OutboxCalls): Promise<void> {
  try {
    if (await wentOnElsewhere(draft, calls)) return await keepDraft(unmarked(draft));
    const { projectId, taskId, document } = draft;
    const activeMs = Math.round(draft.activeMs);
    const { key, review } = sending;
    if (review) await calls.review(projectId, taskId, key, { ...review, document: review.outcome === 'correct' ? document : null, activeMs });
    else await calls.submit(projectId, taskId, key, { document, activeMs });
  } catch (error) {
    // Nobody answered: it waits for the next visit.
    if (isProblem(error) && error.offline) return;
    // A decision without a correction has drawn nothing that could be lost.
    await (sending.review && sending.review.outcome !== 'correct' ? dropDraft(draft.personId, draft.taskId) : keepDraft(unmarked(draft)));
    say(t('outbox.refused', { name: sending.name, reason: explain(error).what }), 'warn');
    return;
  }
  await dropDraft(draft.personId, draft.taskId);
  say(t('outbox.sent', { name: sending.name }));
}

/** A newer draft on the server: the person has not left it at what was sent from here. */
async function wentOnElsewhere(draft: LocalDraft, calls: OutboxCalls): Promise<boolean> {
  try {
    const { draft: newest } = await calls.read(draft.projectId, draft.taskId);
    return newest !== null && newest.revision >= draft.revision;
  } catch (error) {
    if (isProblem(error) && error.offline) throw error;
    // It is finished, perhaps by this very result: the same key tells.
    return false;
  }
}

const unmarked = (draft: LocalDraft): LocalDraft => ({ ...draft, sending: undefined });
