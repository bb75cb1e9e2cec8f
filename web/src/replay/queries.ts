import { queryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "../api/client";
import type { StoredEvent } from "../sessions/events/eventFeed";
import { anyOpen } from "./jobs/jobs";
import { Rewind } from "./room/rewind";

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

/** The whole log, page by page. */
async function wholeLog(sessionId: string, signal: AbortSignal): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (;;) {
    const after = events.at(-1)?.sequence ?? 0;
    const page = await unwrap(
      api.GET("/api/sessions/{session_id}/events", {
        params: { path: { session_id: sessionId }, query: { after } },
        signal,
      }),
    );
    events.push(...page.items);
    if (page.closed || page.items.length === 0) return events;
  }
}

/** Asked once: a class that is over does not go on. */
export const rewindQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["rewind", sessionId],
    queryFn: async ({ signal }) => new Rewind(await wholeLog(sessionId, signal)),
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
