import { queryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "../api/client";
import { anyOpen } from "./jobs/jobs";

export type Replay = Schemas["Replay"];
export type TranscriptSegment = Schemas["TranscriptSegment"];
export type Translation = Schemas["TranslationLink"];
export type Chapter = Schemas["Chapter"];

/** How often to look while the pipelines work. */
const POLL_MS = 2_000;
/** Links open for five minutes at least; none on the page goes stale. */
const RENEW_MS = 4 * 60_000;

/** Also when one artifact is set aside and the others are still being made. */
const inWork = ({ state, artifacts }: Replay) => state === "processing" || anyOpen(artifacts);

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
    refetchInterval: ({ state }) => (state.data && inWork(state.data) ? POLL_MS : RENEW_MS),
  });
