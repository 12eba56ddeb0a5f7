import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiProblem, type ReviewBody, type TaskView } from '../../api';
import { emptyDocument } from '../../engine';
import { dropDraft, keepDraft, readDraft, type LocalDraft, type Sending } from './draftStore';
import { sendAgain, type OutboxCalls } from './outbox';

const document = { ...emptyDocument(1), answers: { usable: ['yes'] } };
const draft: LocalDraft = { personId: 'lea', projectId: 'p', taskId: '1', document, revision: 3, activeMs: 1_234.5, changedAt: '2026-01-05T10:00:00Z' };
const sending: Sending = { key: 'key-of-the-submit', name: 'boat.jpg' };
const decision = { outcome: 'sendBack', labelId: 'l', reason: 'The buoy is missing.', score: 2 } satisfies Omit<ReviewBody, 'document' | 'activeMs'>;
const heldWith = (revision: number | undefined) => ({ draft: revision === undefined ? null : { revision } }) as TaskView;

const calls = { read: vi.fn<OutboxCalls['read']>(), submit: vi.fn<OutboxCalls['submit']>(), review: vi.fn<OutboxCalls['review']>() };
beforeEach(() => {
  calls.read.mockResolvedValue(heldWith(2));
  calls.submit.mockResolvedValue({ labelId: 'l', version: 1, digest: '' });
  calls.review.mockResolvedValue({ reviewId: 'r', correctedLabelId: null });
});
afterEach(async () => {
  vi.resetAllMocks();
  await dropDraft('lea', '1');
});

test('what was sent is sent once more, the very same under the same key, and then is only there', async () => {
  await keepDraft({ ...draft, sending });
  await Promise.all([sendAgain('lea', calls), sendAgain('lea', calls)]);
  expect(calls.submit.mock.calls).toEqual([['p', '1', 'key-of-the-submit', { document, activeMs: 1_235 }]]);
  expect(await readDraft('lea', '1')).toBeUndefined();
});

test('a decision goes as the decision it was', async () => {
  await keepDraft({ ...draft, sending: { ...sending, review: decision } });
  await sendAgain('lea', calls);
  expect(calls.review.mock.calls).toEqual([['p', '1', 'key-of-the-submit', { ...decision, document: null, activeMs: 1_235 }]]);
  await keepDraft({ ...draft, sending: { ...sending, review: { ...decision, outcome: 'correct' } } });
  await sendAgain('lea', calls);
  expect(calls.review.mock.lastCall?.[3]).toMatchObject({ outcome: 'correct', document });
});

test('a task that is finished by then may be finished by this very result: the same key asks', async () => {
  calls.read.mockRejectedValue(new ApiProblem('task.finished', 409));
  await keepDraft({ ...draft, sending });
  await sendAgain('lea', calls);
  expect(calls.submit).toHaveBeenCalledOnce();
  expect(await readDraft('lea', '1')).toBeUndefined();
});

test('a draft that was never sent, and what another person sent, stay as they are', async () => {
  await keepDraft(draft);
  await sendAgain('lea', calls);
  await keepDraft({ ...draft, sending });
  await sendAgain('rita', calls);
  expect(calls.submit).not.toHaveBeenCalled();
  expect(await readDraft('lea', '1')).toEqual({ ...draft, sending });
});

test('nobody answers: it waits for the next visit', async () => {
  calls.submit.mockRejectedValue(new ApiProblem('network.offline', 0));
  await keepDraft({ ...draft, sending });
  await sendAgain('lea', calls);
  calls.read.mockRejectedValue(new ApiProblem('network.offline', 0));
  await sendAgain('lea', calls);
  expect(await readDraft('lea', '1')).toEqual({ ...draft, sending });
});

test('a refusal leaves the draft, and is not asked for again', async () => {
  calls.submit.mockRejectedValue(new ApiProblem('task.taken', 409));
  await keepDraft({ ...draft, sending });
  await sendAgain('lea', calls);
  await sendAgain('lea', calls);
  expect(calls.submit).toHaveBeenCalledOnce();
  expect(await readDraft('lea', '1')).toEqual(draft);
});

test('work that went on elsewhere is not overtaken by what was sent before', async () => {
  calls.read.mockResolvedValue(heldWith(3));
  await keepDraft({ ...draft, sending });
  await sendAgain('lea', calls);
  expect(calls.submit).not.toHaveBeenCalled();
  expect((await readDraft('lea', '1'))?.sending).toBeUndefined();
});
