import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../../api/client";
import { anyOpen } from "./jobs";

export type ArtifactJob = Schemas["ArtifactJob"];

/** How often to look while something is being made. */
const POLL_MS = 2_000;

export const jobsQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["sessions", sessionId, "artifacts"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/artifacts", {
          params: { path: { session_id: sessionId } },
          signal,
        }),
      ),
    refetchInterval: ({ state }) => (anyOpen(state.data?.items ?? []) ? POLL_MS : false),
  });

export interface Steering {
  sessionId: string;
  kind: ArtifactJob["kind"];
  /** One of the job's models; the installation's usual one when left out. */
  model?: string;
}

const at = ({ sessionId, kind }: Steering, key: string) => ({
  params: { path: { session_id: sessionId, kind } },
  ...idempotent(key),
});

/** Makes it again, and with it what is made of it. */
export const retryJob = (steering: Steering, key: string) =>
  unwrap(
    api.POST("/api/sessions/{session_id}/artifacts/{kind}/retry", {
      ...at(steering, key),
      body: { model: steering.model ?? "" },
    }),
  );

/** Sets it aside until somebody retries it. */
export const cancelJob = (steering: Steering, key: string) =>
  unwrap(api.POST("/api/sessions/{session_id}/artifacts/{kind}/cancel", at(steering, key)));

const ofKind = (sessionId: string, kind: ArtifactJob["kind"]) => ({
  path: { session_id: sessionId, kind },
});

export const versionsQuery = (sessionId: string, kind: ArtifactJob["kind"]) =>
  queryOptions({
    queryKey: ["sessions", sessionId, "artifacts", kind, "versions"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/artifacts/{kind}/versions", {
          params: ofKind(sessionId, kind),
          signal,
        }),
      ),
  });

/** Of the newest and the one before it. */
export const changesQuery = (sessionId: string, kind: ArtifactJob["kind"]) =>
  queryOptions({
    queryKey: ["sessions", sessionId, "artifacts", kind, "changes"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/artifacts/{kind}/changes", {
          params: ofKind(sessionId, kind),
          signal,
        }),
      ),
  });
