import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, editOf, idempotent, type Schemas, unwrap } from "../api/client";

export type Session = Schemas["Session"];
export type JoinReply = Schemas["JoinReply"];

/** Statuses change by other people's hands; this is how stale a list may be. */
const POLL_MS = 5_000;

/** What a list of sessions is asked for; an absent course is all of them. */
export interface SessionFilter {
  courseId: string;
  over: boolean;
}

export const everyCourse = "";

const OPEN: Session["status"][] = ["live", "scheduled"];
const OVER: Session["status"][] = ["ended", "cancelled"];

/** The open ones soonest first, those that are over latest first. */
export const sessionsQuery = ({ courseId, over }: SessionFilter) =>
  infiniteQueryOptions({
    queryKey: ["sessions", "list", courseId, over],
    queryFn: ({ pageParam, signal }) => {
      const query = {
        status: over ? OVER : OPEN,
        sort: over ? ("desc" as const) : ("asc" as const),
        ...(courseId !== everyCourse && { courseId }),
        ...(pageParam && { cursor: pageParam }),
      };
      return unwrap(api.GET("/api/sessions", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: POLL_MS,
  });

/** The newest 200 classes of a course, soonest first: more than a page can show at once. */
export const courseSessionsQuery = (courseId: string) =>
  queryOptions({
    queryKey: ["sessions", "course", courseId],
    queryFn: async ({ signal }) => {
      const query = { courseId, limit: 200 };
      const page = await unwrap(api.GET("/api/sessions", { params: { query }, signal }));
      return { items: page.items.toReversed() };
    },
  });

export const sessionQuery = (id: string) =>
  queryOptions({
    queryKey: ["sessions", id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}", { params: { path: { session_id: id } }, signal }),
      ),
  });

/** The programme's stills come as often; the link opens for ten minutes. */
const POSTER_MS = 10_000;

export const posterQuery = (sessionId: string, live: boolean) =>
  queryOptions({
    queryKey: ["sessions", sessionId, "poster"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/poster", {
          params: { path: { session_id: sessionId } },
          signal,
        }),
      ),
    staleTime: POSTER_MS,
    refetchInterval: live && POSTER_MS,
  });

export const createSession = (body: Schemas["CreateSession"], key: string): Promise<Session> =>
  unwrap(api.POST("/api/sessions", { body, ...idempotent(key) }));

export const startSession = (sessionId: string, key: string): Promise<JoinReply> =>
  unwrap(api.POST("/api/sessions/start", { body: { sessionId }, ...idempotent(key) }));

export const joinSession = (sessionId: string, key: string): Promise<JoinReply> =>
  unwrap(api.POST("/api/sessions/join", { body: { sessionId }, ...idempotent(key) }));

export const endSession = (sessionId: string, key: string) =>
  unwrap(api.POST("/api/sessions/end", { body: { sessionId }, ...idempotent(key) }));

/** The session as it is now, and the version that an edit of it is based on. */
export async function sessionToEdit(id: string): Promise<{ session: Session; version: number }> {
  const answer = api.GET("/api/sessions/{session_id}", { params: { path: { session_id: id } } });
  const session = await unwrap(answer);
  const etag = (await answer).response.headers.get("ETag") ?? "";
  return { session, version: Number(etag.replaceAll('"', "")) };
}

export interface SessionEdit {
  id: string;
  version: number;
  changes: Schemas["UpdateSession"];
}

export const updateSession = ({ id, version, changes }: SessionEdit, key: string) =>
  unwrap(
    api.PATCH("/api/sessions/{session_id}", {
      params: { path: { session_id: id } },
      body: changes,
      ...editOf(version, key),
    }),
  );

export const cancelSession = (sessionId: string, key: string) =>
  unwrap(api.POST("/api/sessions/cancel", { body: { sessionId }, ...idempotent(key) }));
