import { useMutation, type MutationFunctionContext, type UseMutationOptions } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { isProblem } from '../api';
import { withProof } from './session/freshProof';
import { useSessionEnded } from './session/session';

/**
 * Something that a person does, once at a time: a second press is nothing while the first is under way. React learns only
 * with the next drawing that an act runs, so a fast double press would pass a check of `isPending`. An act that wants a
 * fresh proof asks for it and goes on.
 */
export function useAct<Answer, Asked = void>(options: UseMutationOptions<Answer, Error, Asked>) {
  const running = useRef(false);
  const { mutationFn } = options;
  const act = useMutation({ ...options, ...mutationFn && { mutationFn: (asked: Asked, context: MutationFunctionContext) => withProof(() => mutationFn(asked, context)) } });
  const ended = useSessionEnded();
  const { error, reset } = act;
  useEffect(() => {
    // After signing in again over the page its "signed out" would no longer be true.
    if (!ended && isProblem(error) && error.status === 401 && error.code !== 'session.refused') reset();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only the return of the session clears it
  }, [ended]);
  const run = (asked: Asked): void => {
    if (running.current) return;
    running.current = true;
    act.mutate(asked, { onSettled: () => void (running.current = false) });
  };
  return { run, reset, error, data: act.data, variables: act.variables, isPending: act.isPending, isSuccess: act.isSuccess };
}
