import { useMutation, type UseMutationOptions } from '@tanstack/react-query';
import { useRef } from 'react';

/**
 * Something that a person does, once at a time: a second press is nothing while the first is under way. React learns only
 * with the next drawing that an act runs, so a fast double press would pass a check of `isPending`.
 */
export function useAct<Answer, Asked = void>(options: UseMutationOptions<Answer, Error, Asked>) {
  const running = useRef(false);
  const act = useMutation(options);
  const run = (asked: Asked): void => {
    if (running.current) return;
    running.current = true;
    act.mutate(asked, { onSettled: () => void (running.current = false) });
  };
  return { run, reset: act.reset, error: act.error, data: act.data, variables: act.variables, isPending: act.isPending, isSuccess: act.isSuccess };
}
