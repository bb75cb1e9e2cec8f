import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../api/client";

export type Destination = Schemas["Destination"];
export type DestinationPreset = Schemas["DestinationPreset"];
export type DestinationTest = Schemas["DestinationTest"];
export type SessionDestination = Schemas["SessionDestination"];

export const destinationsQuery = queryOptions({
  queryKey: ["destinations"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/destinations", { signal })),
});

/** What a person prefers. */
export const preferencesQuery = queryOptions({
  queryKey: ["preferences"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/users/me/preferences", { signal })),
});

export const updatePreferences = (changes: Schemas["UpdatePreferences"], key: string) =>
  unwrap(api.PATCH("/api/users/me/preferences", { body: changes, ...idempotent(key) }));

/** The destinations with which one's next session begins. */
export const defaultQuery = queryOptions({
  queryKey: ["destinations", "default"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/destinations/default", { signal })),
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

/** The platforms' rules: they change with a new version of Lectern only. */
export const presetsQuery = queryOptions({
  queryKey: ["destinations", "presets"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/destinations/presets", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

export interface NewDestination {
  preset: string;
  url: string;
  streamKey: string;
  /** Without one it is named after its host. */
  name?: string;
}

export const createDestination = (made: NewDestination, key: string) =>
  unwrap(api.POST("/api/destinations", { body: { type: "rtmp", ...made }, ...idempotent(key) }));

export interface DestinationUpdate {
  id: string;
  changes: Schemas["UpdateDestination"];
}

export const updateDestination = ({ id, changes }: DestinationUpdate, key: string) =>
  unwrap(
    api.PATCH("/api/destinations/{destination_id}", {
      params: { path: { destination_id: id } },
      body: changes,
      ...idempotent(key),
    }),
  );

/** Takes up to ten seconds; a second call would be a second test, so it has no key. */
export const testDestination = (destinationId: string) =>
  unwrap(
    api.POST("/api/destinations/{destination_id}/test", {
      params: { path: { destination_id: destinationId } },
    }),
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
