import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiProblem } from '../../api';
import { emptyDocument, type LabelDocument } from '../../engine';
import { DraftKeeper, type DraftPlaces } from './draftKeeper';
import type { LocalDraft, Sending } from './draftStore';

const of = { personId: 'p', projectId: 'a', taskId: 't' };
const documentWith = (answer: string): LabelDocument => ({ ...emptyDocument(1), answers: { usable: [answer] } });

class TestPlaces implements DraftPlaces {
  local: LabelDocument | undefined;
  sending: Sending | undefined;
  revision = 0;
  server: { document: LabelDocument; revision: number }[] = [];
  fails: ApiProblem | undefined;
  hold: Promise<void> | undefined;

  async keepLocally(draft: LocalDraft) {
    this.local = draft.document;
    this.sending = draft.sending;
    this.revision = draft.revision;
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

  test('the network went: it is said at once, and not any more when it is back with nothing to send', async () => {
    keeper.lost();
    expect(keeper.state.kind).toBe('offline');
    keeper.tryNow();
    expect(keeper.state.kind).toBe('untouched');
    keeper.changed(documentWith('a'));
    await vi.advanceTimersByTimeAsync(5_000);
    const saved = keeper.state;
    keeper.lost();
    expect([saved.kind, keeper.state.kind]).toEqual(['saved', 'offline']);
    keeper.tryNow();
    expect(keeper.state).toBe(saved);
    expect(places.server).toHaveLength(1);
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

  test('it met another request about the task: nobody is told anything, and the next attempt goes through', async () => {
    places.fails = new ApiProblem('version.conflict', 409);
    keeper.changed(documentWith('a'));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(keeper.state.kind).toBe('kept');
    places.fails = undefined;
    await vi.advanceTimersByTimeAsync(5_000);
    expect([keeper.state.kind, places.server.length]).toEqual(['saved', 1]);
  });

  test('another window saved a newer one', async () => {
    places.fails = new ApiProblem('draft.stale', 409);
    keeper.changed(documentWith('a'));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(keeper.state.kind).toBe('stale');
  });
});

describe('a result on its way', () => {
  const as: Sending = { key: 'key-of-the-submit', name: 'boat.jpg' };

  test('stays here with its document, newer than a draft that was being saved meanwhile', async () => {
    let release = () => undefined as void;
    places.hold = new Promise(resolve => {
      release = resolve;
    });
    const document = documentWith('a');
    keeper.changed(document);
    await vi.advanceTimersByTimeAsync(4_000);
    await keeper.sending(document, as);
    release();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([places.local, places.sending, places.revision, places.server.length]).toEqual([document, as, 6, 1]);
    await keeper.finish();
    expect(places.local).toBeUndefined();
  });

  test('that was refused is a draft again, which the server is given', async () => {
    keeper.changed(documentWith('a'));
    await keeper.sending(documentWith('a'), as);
    await keeper.reopen(false);
    expect(places.sending).toBeUndefined();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(keeper.state.kind).toBe('saved');
  });

  test('of a label that was only looked at leaves nothing here when it is refused', async () => {
    await keeper.sending(documentWith('a'), as);
    await keeper.reopen(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect([places.local, places.server.length]).toEqual([undefined, 0]);
  });

  test('that may have arrived stays ready to be sent again, until something else is drawn', async () => {
    places.fails = new ApiProblem('network.offline', 0);
    await keeper.sending(documentWith('a'), as);
    await keeper.reopen(true);
    expect(places.sending).toBe(as);
    keeper.changed(documentWith('b'));
    await vi.advanceTimersByTimeAsync(100);
    expect(places.sending).toBeUndefined();
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
