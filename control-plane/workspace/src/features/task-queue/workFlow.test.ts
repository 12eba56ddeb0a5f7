import { beforeEach, expect, test, vi } from 'vitest';
import { ApiProblem, type NextTask, type TaskAsset, type TaskView } from '../../api';
import type { DecodedPicture } from '../../media';
import { PictureStore } from './pictureStore';
import { WorkFlow } from './workFlow';

const asset = (id: string): TaskAsset => ({ id, name: `${id}.jpg`, mediaType: 'image/jpeg', size: 1, width: 1, height: 1, orientation: 1 });
const task = (id: string) => ({ id, asset: asset(`asset-${id}`) }) as TaskView;
const reservation = (id: string) => ({ taskId: id, asset: asset(`asset-${id}`) });
const waiting = { label: 0, review: 3 };
const closed: string[] = [];

let answers: NextTask[];
let loads: string[];
let flow: WorkFlow;
beforeEach(() => {
  loads = [];
  closed.length = 0;
  answers = [
    { task: task('1'), reserved: [reservation('2'), reservation('3')], waiting },
    { task: task('2'), reserved: [reservation('3')], waiting },
    { task: null, reserved: [], waiting },
  ];
  const picture = (path: string) => ({ bitmap: { close: () => void closed.push(path) }, width: 1, height: 1 }) as unknown as DecodedPicture;
  const load = async (path: string) => {
    loads.push(path);
    return picture(path);
  };
  flow = new WorkFlow('p', 'label', new PictureStore({ load, retry: load }), {
    next: async () => answers.shift() ?? { task: null, reserved: [], waiting },
    claim: async (_, taskId) => task(taskId),
    read: async (_, taskId) => task(taskId),
  });
});

const settled = () => new Promise(resolve => setTimeout(resolve, 0));
const shown = () => flow.state.kind === 'task' ? flow.state.task.id : flow.state.kind;

test('the picture in hand loads first, then the reserved ones', async () => {
  await flow.next();
  await settled();
  expect(shown()).toBe('1');
  expect(loads).toEqual(['/asset/work.p.1/asset-1', '/asset/work.p.2/asset-2', '/asset/work.p.3/asset-3']);
});

test('a task opened by its address has its picture before the reserved ones begin to load', async () => {
  let arrive = () => undefined as void;
  const source = flow.pictures.source;
  const slow = new PictureStore({
    load: async path => {
      const picture = await source.load(path);
      if (path.endsWith('asset-1')) await new Promise<void>(resolve => {
        arrive = resolve;
      });
      return picture;
    },
    retry: source.retry,
  });
  const named = new WorkFlow('p', 'label', slow, flow.calls);
  await named.open('1');
  await settled();
  expect(loads).toEqual(['/asset/work.p.1/asset-1']);
  arrive();
  await settled();
  expect(loads).toEqual(['/asset/work.p.1/asset-1', '/asset/work.p.2/asset-2', '/asset/work.p.3/asset-3']);
});

test('a submit shows the next picture in the same turn, before any answer', async () => {
  await flow.next();
  await settled();
  let answer = () => undefined as void;
  const sent = flow.finish(() => new Promise<void>(resolve => {
    answer = resolve;
  }));
  expect(flow.state).toMatchObject({ kind: 'arriving', taskId: '2' });
  answer();
  expect(await sent).toBe(true);
  expect(shown()).toBe('2');
  expect(closed).toEqual(['/asset/work.p.1/asset-1']);
});

test('a refused submit brings the task back as it was, with the reason', async () => {
  await flow.next();
  await settled();
  const refusal = new ApiProblem('label.invalid', 422);
  expect(await flow.finish(() => Promise.reject(refusal))).toBe(false);
  expect(flow.state).toMatchObject({ kind: 'task', task: { id: '1' }, busy: false, refusal });
});

test('a repeated send has the same key while no answer came, and another after a refusal', async () => {
  await flow.next();
  const keys: string[] = [];
  const send = (problem: ApiProblem) => (key: string) => {
    keys.push(key);
    return Promise.reject(problem);
  };
  await flow.finish(send(new ApiProblem('network.offline', 0)));
  await flow.finish(send(new ApiProblem('label.invalid', 422)));
  await flow.finish(send(new ApiProblem('label.invalid', 422)));
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[1]);
});

test('a second press of submit does nothing', async () => {
  await flow.next();
  const send = vi.fn(() => new Promise(() => undefined));
  void flow.finish(send);
  expect(await flow.finish(send)).toBe(false);
  expect(send).toHaveBeenCalledTimes(1);
});

test('the end of the queue says what waits elsewhere', async () => {
  answers = [];
  await flow.next();
  expect(flow.state).toEqual({ kind: 'empty', waiting });
});

test('an address of a task that is gone leads to the next one', async () => {
  const gone = new WorkFlow('p', 'label', flow.pictures, { ...flow.calls, claim: () => Promise.reject(new ApiProblem('task.taken', 409)) });
  await gone.open('9');
  expect(gone.state).toMatchObject({ kind: 'task', task: { id: '1' } });
});

test('people are shown anew without touching the work in hand', async () => {
  await flow.next();
  const before = flow.state.kind === 'task' ? flow.state.task : undefined;
  flow.calls.read = async () => ({ ...task('1'), label: { author: { id: 'a', name: 'Annotator 7F3K' } }, sentBack: null, draft: null }) as unknown as TaskView;
  await flow.nameAnew();
  expect(flow.state).toMatchObject({ kind: 'task', task: { id: '1', label: { author: { name: 'Annotator 7F3K' } } } });
  expect(flow.state.kind === 'task' && flow.state.task.asset).toBe(before?.asset);
});

test('people of a task that was left meanwhile are not shown', async () => {
  await flow.next();
  flow.calls.read = async () => ({ ...task('0'), label: null, sentBack: null }) as TaskView;
  const before = flow.state;
  await flow.nameAnew();
  expect(flow.state).toBe(before);
});
