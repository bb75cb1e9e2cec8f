import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../api/client";

export type Destination = Schemas["Destination"];
export type SessionDestination = Schemas["SessionDestination"];

export const destinationsQuery = queryOptions({
  queryKey: ["destinations"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/destinations", { signal })),
});

const atSession = (sessionId: string) => ({ params: { path: { session_id: sessionId } } });

/** The destinations of one session with their state on air. */
export const sessionDestinationsQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["sessions", sessionId, "destinations"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/destinations", { ...atSession(sessionId), signal }),
      ),
  });

export interface NewDestination {
  url: string;
  streamKey: string;
}

export const createDestination = ({ url, streamKey }: NewDestination, key: string) =>
  unwrap(
    api.POST("/api/destinations", { body: { type: "rtmp", url, streamKey }, ...idempotent(key) }),
  );

export const removeDestination = (destinationId: string, key: string) =>
  unwrap(
    api.DELETE("/api/destinations/{destination_id}", {
      params: { path: { destination_id: destinationId } },
      ...idempotent(key),
    }),
  );

export interface Selection {
  sessionId: string;
  destinationIds: string[];
}

/** Replaces the session's set; on a live session it takes effect at once. */
export const selectDestinations = ({ sessionId, destinationIds }: Selection, key: string) =>
  unwrap(
    api.POST("/api/sessions/{session_id}/destinations", {
      ...atSession(sessionId),
      body: { destinationIds },
      ...idempotent(key),
    }),
  );
