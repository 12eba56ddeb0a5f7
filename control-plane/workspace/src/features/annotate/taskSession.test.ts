import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiProblem, type TaskView } from '../../api';
import { addShape, imagePoint, nudge } from '../../engine';
import { TestWorkspace } from '../../engine/testing/testWorkspace';
import { PictureStore } from '../task-queue/pictureStore';
import { WorkFlow } from '../task-queue/workFlow';
import { dropDraft, keepDraft, readDraft } from './draftStore';
import { Sessions, TaskSession, type SessionCalls } from './taskSession';

const drawn = new TestWorkspace().drawn('box', [10, 10], [30, 20]).state.document;
const lease = { expiresAt: '2100-01-01T00:00:00Z' };
const task = (id: string, more: Partial<TaskView> = {}) => ({
  id, round: 1, lease, asset: { id: `asset-${id}`, width: 100, height: 80 }, draft: null, label: null,
  ontology: { version: 1, document: { tools: [{ id: 'boat', kind: 'box', name: 'Boat' }] } }, ...more,
}) as unknown as TaskView;
const labelled = (id: string) => task(id, { label: { id: 'l', document: drawn } } as unknown as Partial<TaskView>);
const of = (one: TaskView, kind: 'label' | 'review' = 'label') => ({ projectId: 'p', personId: 'lea', task: one, kind });
const size = { width: 100, height: 80 };

let calls: SessionCalls;
let opened: TaskSession[];
beforeEach(() => {
  opened = [];
  calls = {
    heartbeat: async () => lease, saveDraft: async (_, __, body) => ({ revision: body.revision, savedAt: '2026-01-05T10:00:00Z', leaseExpiresAt: lease.expiresAt }),
  };
  vi.stubGlobal('document', { addEventListener: () => undefined, hidden: false });
  vi.stubGlobal('addEventListener', () => undefined);
});
afterEach(async () => {
  for (const one of opened) one.close();
  await dropDraft('lea', '1');
  vi.unstubAllGlobals();
});
const open = (one: TaskView, kind: 'label' | 'review' = 'label') => {
  const session = new TaskSession(of(one, kind), size, calls);
  opened.push(session);
  session.open();
  return session;
};
const draw = ({ workspace }: TaskSession) => addShape(workspace, 'box', [imagePoint(40, 40), imagePoint(60, 60)]);

test('a submit that is refused finds the document, the selection and the whole history as they were', async () => {
  const flow = new WorkFlow('p', 'label', new PictureStore({ load: () => new Promise(() => undefined), retry: () => new Promise(() => undefined) }), {
    next: async () => ({ task: task('1'), reserved: [], waiting: { label: 0, review: 0 } }), claim: async () => task('1'), read: async () => task('1'),
  });
  await flow.next();
  const sessions = new Sessions(calls);
  const shown = () => flow.state.kind === 'task' ? sessions.of(of(flow.state.task), size) : undefined;
  const session = shown()!;
  draw(session);
  nudge(session.workspace, 5, 0);
  const before = session.workspace.state;
  expect(await flow.finish(key => session.send(() => Promise.reject(new ApiProblem(`label.invalid ${key}`, 422))))).toBe(false);
  expect(shown()).toBe(session);
  expect(session.workspace.state).toBe(before);
  session.workspace.undo();
  session.workspace.undo();
  expect(session.workspace.state.document.objects).toEqual([]);
  sessions.close();
});

test('until a result is answered the browser asks before it closes the page', async () => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  const closes = () => page.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  let answer = () => undefined as void;
  const sent = open(task('1')).send(() => new Promise<void>(resolve => {
    answer = resolve;
  }), { key: 'key-of-the-submit', name: 'boat.jpg' });
  expect(closes()).toBe(false);
  answer();
  await sent;
  expect(closes()).toBe(true);
  expect(await readDraft('lea', '1')).toBeUndefined();
});

test('the next task is another session, and the one before is closed', () => {
  const sessions = new Sessions(calls);
  const first = sessions.of(of(task('1')), size);
  const close = vi.spyOn(first, 'close');
  expect(sessions.of(of(task('2')), size)).not.toBe(first);
  expect(close).toHaveBeenCalledOnce();
  const newer = task('2', { draft: { document: drawn, revision: 7 } } as unknown as Partial<TaskView>);
  expect(sessions.of(of(newer), size).workspace.state.document).toBe(drawn);
  sessions.close();
});

const local = { personId: 'lea', projectId: 'p', taskId: '1', document: drawn, revision: 3, activeMs: 0, changedAt: '2026-01-05T10:00:00Z' };

test('a newer draft on this machine is taken up, and goes to the server', async () => {
  await keepDraft(local);
  const session = open(task('1'));
  await vi.waitFor(() => expect(session.workspace.state.document).toEqual(drawn));
  await vi.waitFor(() => expect(session.drafts.state.kind).toBe('saved'));
  expect(await readDraft('lea', '1')).toBeUndefined();
});

test('what was drawn before the draft was found is not thrown away', async () => {
  await keepDraft(local);
  const session = open(task('1'));
  draw(session);
  const mine = session.workspace.state.document;
  await vi.waitFor(async () => expect((await readDraft('lea', '1'))?.document).toEqual(mine));
  expect(session.workspace.state.document).toBe(mine);
});

test('a reviewer reads until they correct; a correction that was begun goes on', () => {
  const reading = open(labelled('1'), 'review');
  draw(reading);
  expect([reading.workspace.readOnly, reading.workspace.state.document.objects.length]).toEqual([true, 1]);
  const draft = { ...labelled('1'), draft: { document: drawn, revision: 2 } } as TaskView;
  expect(open(draft, 'review').workspace.readOnly).toBe(false);
});

test('a task that somebody else has asks the server no more, and keeps the draft here', async () => {
  const asked = vi.fn(() => Promise.reject(new ApiProblem('task.taken', 409)));
  calls = { ...calls, saveDraft: asked };
  const session = open(task('1'));
  session.lease.gone('taken');
  draw(session);
  await vi.waitFor(async () => expect((await readDraft('lea', '1'))?.document.objects).toHaveLength(1));
  expect([session.drafts.state.kind, asked.mock.calls.length]).toEqual(['taken', 0]);
});
