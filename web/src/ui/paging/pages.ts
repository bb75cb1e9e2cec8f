import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { Problem } from "../../api/problem";
import { asProblem } from "../../api/problem";

/** What of a list is not here yet. */
export interface Pages {
  /** The first page is still on its way. */
  loading: boolean;
  more: (() => void) | null;
  fetching: boolean;
  problem: Problem | null;
}

export const pagesOf = <Page>(query: UseInfiniteQueryResult<InfiniteData<Page>>): Pages => ({
  loading: query.isPending,
  more: query.hasNextPage || query.isError ? () => void query.fetchNextPage() : null,
  fetching: query.isFetching,
  problem: query.error && asProblem(query.error),
});
