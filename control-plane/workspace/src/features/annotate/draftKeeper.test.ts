import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiProblem } from '../../api';
import { emptyDocument, type LabelDocument } from '../../engine';
import { DraftKeeper, type DraftPlaces } from './draftKeeper';

const of = { personId: 'p', projectId: 'a', taskId: 't' };
const documentWith = (answer: string): LabelDocument => ({ ...emptyDocument(1), answers: { usable: [answer] } });

class TestPlaces implements DraftPlaces {
  local: LabelDocument | undefined;
  server: { document: LabelDocument; revision: number }[] = [];
  fails: ApiProblem | undefined;
  hold: Promise<void> | undefined;

  async keepLocally(draft: { document: LabelDocument }) {
    this.local = draft.document;
  }

  async dropLocally() {
    this.local = undefined;
  }

  async saveOnServer({ document, revision }: { document: LabelDocument; revision: number }) {
    await this.hold;
    if (this.fails) throw this.fails;
    this.server.push({ document, revision });
    return { revision, savedAt: '2026-01-05T10:00:00Z' };
  }
}

let places: TestPlaces;
let keeper: DraftKeeper;
beforeEach(() => {
  vi.useFakeTimers();
  places = new TestPlaces();
  keeper = new DraftKeeper(of, places, () => 1_234, 4);
});
afterEach(() => vi.useRealTimers());

describe('a change', () => {
  test('is on this machine within 100 ms and on the server within 5 s, and is then only there', async () => {
    const document = documentWith('yes');
    keeper.changed(document);
    expect(keeper.state.kind).toBe('kept');
    await vi.advanceTimersByTimeAsync(100);
    expect(places.local).toBe(document);
    expect(places.server).toEqual([]);
    await vi.advanceTimersByTimeAsync(4_900);
    expect(places.server).toEqual([{ document, revision: 5 }]);
    expect(places.local).toBeUndefined();
    expect(keeper.state).toEqual({ kind: 'saved', at: '2026-01-05T10:00:00Z' });
  });

  test('of many is sent as the newest, one revision further', async () => {
    for (const answer of ['a', 'b', 'c']) keeper.changed(documentWith(answer));
    await vi.advanceTimersByTimeAsync(5_000);
    keeper.changed(documentWith('d'));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(places.server.map(one => [one.document.answers.usable, one.revision])).toEqual([[['c'], 5], [['d'], 6]]);
  });

  test('during a save is sent after it', async () => {
    let release = () => undefined as void;
    places.hold = new Promise(resolve => {
      release = resolve;
    });
    keeper.changed(documentWith('a'));
    await vi.advanceTimersByTimeAsync(4_000);
    const later = documentWith('b');
    keeper.changed(later);
    release();
    await vi.advanceTimersByTimeAsync(100);
    expect(keeper.state.kind).toBe('kept');
    expect(places.local).toBe(later);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(places.server.at(-1)?.document).toBe(later);
  });
});

describe('when the server does not take it', () => {
  test('no answer: it stays here, is asked again, and goes when the connection is back', async () => {
    places.fails = new ApiProblem('network.offline', 0);
    const document = documentWith('a');
    keeper.changed(document);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(keeper.state.kind).toBe('offline');
    expect(places.local).toBe(document);
    places.fails = undefined;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(places.server).toHaveLength(1);
    expect(keeper.state.kind).toBe('saved');
  });

  test('somebody took the task: it stays here and the server is left alone', async () => {
    places.fails = new ApiProblem('task.taken', 409);
    keeper.changed(documentWith('a'));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(keeper.state.kind).toBe('taken');
    places.fails = undefined;
    const newest = documentWith('b');
    keeper.changed(newest);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(places.server).toEqual([]);
    expect(places.local).toBe(newest);
  });

  test('another window saved a newer one', async () => {
    places.fails = new ApiProblem('draft.stale', 409);
    keeper.changed(documentWith('a'));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(keeper.state.kind).toBe('stale');
  });
});

test('leaving writes down what is there, at once', async () => {
  const document = documentWith('a');
  keeper.changed(document);
  keeper.close();
  await vi.advanceTimersByTimeAsync(0);
  expect(places.local).toBe(document);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(places.server).toEqual([]);
});

test('after a submit nothing stays on this machine', async () => {
  keeper.changed(documentWith('a'));
  await vi.advanceTimersByTimeAsync(100);
  await keeper.finish();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(places.local).toBeUndefined();
  expect(places.server).toEqual([]);
});
