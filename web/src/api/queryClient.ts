import { QueryClient } from "@tanstack/react-query";
import { asProblem } from "./problem";

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 3 && asProblem(error).retryable,
        retryDelay: (failures) => Math.min(500 * 2 ** failures, 5_000),
      },
    },
  });
}
