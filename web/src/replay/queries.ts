import { queryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "../api/client";

export type Replay = Schemas["Replay"];
export type TranscriptSegment = Schemas["TranscriptSegment"];
export type Chapter = Schemas["Chapter"];

/** How often to look while the pipelines work. */
const POLL_MS = 2_000;

export const replayQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["replays", sessionId],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/replays/{session_id}", {
          params: { path: { session_id: sessionId } },
          signal,
        }),
      ),
    refetchInterval: ({ state }) => (state.data?.state === "processing" ? POLL_MS : false),
  });
