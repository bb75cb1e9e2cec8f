import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../api/client";

export type Sample = Schemas["DestinationSample"];
export type Timeline = Schemas["DestinationTimeline"];
export type Failure = Schemas["DestinationFailure"];

/** How much of the past a row draws. */
export const SHOWN_MINUTES = 5;

/** How soon a programme that cannot be watched now is asked for again. */
const AGAIN_MS = 5_000;

/** As long as a class can be. */
export const WHOLE_CLASS_MINUTES = 1440;

/** Measurements of the last minutes, of a class that is over its last ones; later ones come with the destinations themselves. */
export const timelineQuery = (sessionId: string, minutes = SHOWN_MINUTES) =>
  queryOptions({
    queryKey: ["sessions", sessionId, "destinations", "timeline", minutes],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/destinations/timeline", {
          params: { path: { session_id: sessionId }, query: { minutes } },
          signal,
        }),
      ),
  });

/** Signs an address by which a live class's programme is watched; each opens for minutes only. */
export const livePlaylist = async (sessionId: string): Promise<string> => {
  const found = await unwrap(
    api.GET("/api/sessions/{session_id}/programme/playlist", {
      params: { path: { session_id: sessionId } },
    }),
  );
  return found.url;
};

export const livePlaylistQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["sessions", sessionId, "programme", "playlist"],
    queryFn: () => livePlaylist(sessionId),
    retry: false,
    // What was signed for the last time that somebody watched may have expired.
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    refetchInterval: ({ state }) => state.error !== null && AGAIN_MS,
  });

export const failuresQuery = queryOptions({
  queryKey: ["destinations", "failures"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/destinations/failures", { signal })),
});

export interface Retry {
  sessionId: string;
  destinationId: string;
}

export const retryDestination = ({ sessionId, destinationId }: Retry, key: string) =>
  unwrap(
    api.POST("/api/sessions/{session_id}/destinations/{destination_id}/retry", {
      params: { path: { session_id: sessionId, destination_id: destinationId } },
      ...idempotent(key),
    }),
  );
