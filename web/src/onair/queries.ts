import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../api/client";

export type Sample = Schemas["DestinationSample"];
export type Timeline = Schemas["DestinationTimeline"];
export type Failure = Schemas["DestinationFailure"];

/** How much of the past a row draws. */
export const SHOWN_MINUTES = 5;

/** Measurements of the last minutes; later ones come with the destinations themselves. */
export const timelineQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["sessions", sessionId, "destinations", "timeline"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/destinations/timeline", {
          params: { path: { session_id: sessionId }, query: { minutes: SHOWN_MINUTES } },
          signal,
        }),
      ),
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
