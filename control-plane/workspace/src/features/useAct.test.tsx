// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { ApiProblem } from '../api';
import { sessionEnded, sessionQuery, signInAgain } from './session/session';
import { useAct } from './useAct';
import { useSearchText } from './useSearchText';

vi.mock('../media', () => ({
  makePendingKey: async () => ({ thumbprint: 't' }),
  keepPendingKey: async () => undefined,
  readBrowserKey: async () => undefined,
  signProof: async () => ({ proof: 'p' }),
  forgetAssets: async () => undefined,
  deleteBrowserKey: async () => undefined,
}));
vi.mock('../api/calls', () => ({ session: { start: async () => ({ sessionId: 's2', locked: false, email: 'ana@example.org', organization: { id: 'o1' } }) } }));

afterEach(cleanup);
const withClient = (client = new QueryClient()) => ({ client, wrapper: ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider> });

test('a double press in one moment is one act, and after its end the next press counts again', async () => {
  let finish: () => void = () => undefined;
  const send = vi.fn(() => new Promise<void>(resolve => (finish = resolve)));
  const { result } = renderHook(() => useAct({ mutationFn: send }), withClient());
  act(() => {
    result.current.run();
    result.current.run();
  });
  await waitFor(() => expect(send).toHaveBeenCalledTimes(1));
  await act(async () => finish());
  await waitFor(() => expect(result.current.isSuccess).toBe(true));
  act(() => result.current.run());
  await waitFor(() => expect(send).toHaveBeenCalledTimes(2));
});

test('after a refusal the same act can be tried again', async () => {
  const send = vi.fn(async () => {
    throw new ApiProblem('agent.name_taken', 409);
  });
  const { result } = renderHook(() => useAct({ mutationFn: send }), withClient());
  act(() => result.current.run());
  await waitFor(() => expect(result.current.error).toBeInstanceOf(ApiProblem));
  act(() => result.current.run());
  await waitFor(() => expect(send).toHaveBeenCalledTimes(2));
});

test('signing in again over the page clears what said that nobody is signed in, keeps the cache and renews the session', async () => {
  const { client, wrapper } = withClient();
  client.setQueryData(sessionQuery.queryKey, { sessionId: 's1', email: 'ana@example.org', organization: { id: 'o1' } } as never);
  client.setQueryData(['people', ''], { items: [] });
  const send = vi.fn(async () => {
    sessionEnded(client);
    throw new ApiProblem('session.none', 401);
  });
  const { result } = renderHook(() => useAct({ mutationFn: send }), { wrapper });
  act(() => result.current.run());
  await waitFor(() => expect(result.current.error).toBeInstanceOf(ApiProblem));
  await act(() => signInAgain(client, { email: 'ana@example.org', password: 'secret', code: undefined }));
  await waitFor(() => expect(result.current.error).toBeNull());
  expect(client.getQueryData(sessionQuery.queryKey)).toMatchObject({ sessionId: 's2' });
  expect(client.getQueryData(['people', ''])).toEqual({ items: [] });
});

test('a search follows the typing after a pause, and the address when it changes', () => {
  vi.useFakeTimers();
  try {
    const ask = vi.fn();
    const { result, rerender } = renderHook(({ asked }: { asked: string | undefined }) => useSearchText(asked, ask), { initialProps: { asked: undefined as string | undefined } });
    act(() => result.current.setText('bo'));
    act(() => void vi.advanceTimersByTime(100));
    act(() => result.current.setText('boat '));
    act(() => void vi.advanceTimersByTime(249));
    expect(ask).not.toHaveBeenCalled();
    act(() => void vi.advanceTimersByTime(1));
    expect(ask.mock.calls).toEqual([['boat']]);
    rerender({ asked: 'boat' });
    expect(result.current.text).toBe('boat ');
    rerender({ asked: undefined });
    expect(result.current.text).toBe('');
  } finally {
    vi.useRealTimers();
  }
});
