import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { type Intent, intentFor } from "./intent";
import { asProblem, type Problem } from "./problem";

interface CommandOptions<Reply> {
  onSuccess?: (reply: Reply) => unknown;
  onError?: ((problem: Problem) => void) | undefined;
}

/** Tries at once and twice more while the refusal is retryable; always under the same key. */
const MAX_RETRIES = 2;

/** A write: `send(input, key)` keeps one Idempotency-Key per intent, also when the person presses again. */
export function useCommand<Input, Reply>(
  send: (input: Input, key: string) => Promise<Reply>,
  options: CommandOptions<Reply> = {},
): UseMutationResult<Reply, Problem, Input> {
  const unsettled = useRef<Intent | null>(null);
  return useMutation<Reply, Problem, Input>({
    mutationFn: (input) => {
      unsettled.current = intentFor(unsettled.current, input);
      return send(input, unsettled.current.key);
    },
    retry: (failures, problem) => failures < MAX_RETRIES && asProblem(problem).retryable,
    retryDelay: (failures) => 500 * 2 ** failures,
    onError: (problem) => {
      if (!asProblem(problem).retryable) unsettled.current = null;
      options.onError?.(asProblem(problem));
    },
    onSuccess: async (reply) => {
      unsettled.current = null;
      await options.onSuccess?.(reply);
    },
  });
}
