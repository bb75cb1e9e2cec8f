import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../api/client";

export type Session = Schemas["Session"];
export type JoinReply = Schemas["JoinReply"];

/** Statuses change by other people's hands; this is how stale a list may be. */
const POLL_MS = 5_000;

export const sessionsQuery = infiniteQueryOptions({
  queryKey: ["sessions", "list"],
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET("/api/sessions", {
        params: { query: pageParam ? { cursor: pageParam } : {} },
        signal,
      }),
    ),
  initialPageParam: "",
  getNextPageParam: (last) => last.nextCursor ?? undefined,
  refetchInterval: POLL_MS,
});

export const sessionQuery = (id: string) =>
  queryOptions({
    queryKey: ["sessions", id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}", { params: { path: { session_id: id } }, signal }),
      ),
  });

export const createSession = (body: Schemas["CreateSession"], key: string): Promise<Session> =>
  unwrap(api.POST("/api/sessions", { body, ...idempotent(key) }));

export const startSession = (sessionId: string, key: string): Promise<JoinReply> =>
  unwrap(api.POST("/api/sessions/start", { body: { sessionId }, ...idempotent(key) }));

export const joinSession = (sessionId: string, key: string): Promise<JoinReply> =>
  unwrap(api.POST("/api/sessions/join", { body: { sessionId }, ...idempotent(key) }));

export const endSession = (sessionId: string, key: string) =>
  unwrap(api.POST("/api/sessions/end", { body: { sessionId }, ...idempotent(key) }));
