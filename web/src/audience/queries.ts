import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** With the word filter, which the log does not tell. */
export const rulesQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["chat-rules", sessionId],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/chat/rules", {
          params: { path: { session_id: sessionId } },
          signal,
        }),
      ),
    // What is edited must be what holds now.
    staleTime: 0,
    gcTime: 0,
  });
