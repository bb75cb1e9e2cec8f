import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, unwrap } from "../../api/client";
import { type EventLog, eventsAfter } from "../../sessions/events/eventFeed";
import { type Pages, pagesOf } from "../../ui/paging/pages";
import { type Cue, inOrder, spokenAfter } from "./spoken";

/** Beyond any sequence: the newest page is what is before it. */
const END = 2 ** 31 - 1;

/** The newest page comes first; asked once by whoever comes in, whose log begins at `start`. */
const cuesQuery = (sessionId: string, start: number) =>
  infiniteQueryOptions({
    queryKey: ["captions", sessionId, start],
    queryFn: ({ pageParam: before, signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/captions", {
          params: { path: { session_id: sessionId }, query: { before } },
          signal,
        }),
      ),
    initialPageParam: END,
    getNextPageParam: ({ nextCursor }) => (nextCursor ? Number(nextCursor) : undefined),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** What was said, in the order it was said, as far back as it was asked for, and brought up to date by the log. */
export function useSpoken(sessionId: string, log: EventLog): { cues: Cue[]; older: Pages } {
  const query = useInfiniteQuery(cuesQuery(sessionId, log.start.sequence));
  const cues = useMemo(
    () =>
      inOrder(
        (query.data?.pages ?? []).flatMap(({ items, sequence }, page) =>
          spokenAfter(items, eventsAfter(log, sequence), page === 0),
        ),
      ),
    [query.data, log],
  );
  return { cues, older: pagesOf(query) };
}
