import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";

/** The class as it is when one comes in, asked once: from then on the log tells. */
export const startQuery = (sessionId: string) =>
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
