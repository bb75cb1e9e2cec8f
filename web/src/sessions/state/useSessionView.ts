import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, unwrap } from "../../api/client";
import type { EventLog } from "../events/eventFeed";
import { emptyView, evolve, type SessionView } from "./session";

/** Asked once: from then on the log tells. */
const stateQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["state", sessionId],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/state", {
          params: { path: { session_id: sessionId } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** `start` with what the log says after it; a log that is still behind it adds nothing. */
export const caughtUp = (start: SessionView, log: EventLog): SessionView =>
  log.events.filter(({ sequence }) => sequence > start.sequence).reduce(evolve, start);

/** The state of the class, at once for who comes late, while the log is still being fetched. */
export function useSessionView(sessionId: string, log: EventLog): SessionView {
  const { data: start = emptyView } = useQuery(stateQuery(sessionId));
  return useMemo(() => caughtUp(start, log), [start, log]);
}
