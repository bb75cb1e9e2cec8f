import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** Beyond any sequence: the newest page is what is before it. */
const END = 2 ** 31 - 1;

const ofSession = (id: string) => ({ path: { session_id: id } });
/** Asked once by whoever comes in, whose log begins at `start`: from then on the log tells. */
const ONCE = { staleTime: Number.POSITIVE_INFINITY, gcTime: 0 };

/** With the word filter, which the log does not tell. */
export const rulesQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["chat-rules", sessionId],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/chat/rules", { params: ofSession(sessionId), signal }),
      ),
    // What is edited must be what holds now.
    staleTime: 0,
    gcTime: 0,
  });

/** The newest page comes first, those before it as they are asked for. */
export const chatQuery = (sessionId: string, start: number) =>
  infiniteQueryOptions({
    queryKey: ["chat", sessionId, start],
    queryFn: ({ pageParam: before, signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/chat", {
          params: { ...ofSession(sessionId), query: { before } },
          signal,
        }),
      ),
    initialPageParam: END,
    getNextPageParam: ({ nextCursor }) => (nextCursor ? Number(nextCursor) : undefined),
    ...ONCE,
  });

/** All of it from the beginning, as it is now. */
export const historyQuery = (sessionId: string) =>
  infiniteQueryOptions({
    queryKey: ["sessions", sessionId, "chat-history"],
    queryFn: ({ pageParam: after, signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/chat", {
          params: { ...ofSession(sessionId), query: { after } },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: ({ nextCursor }) => (nextCursor ? Number(nextCursor) : undefined),
  });

/** The pinned messages, asked anew for each set of `ids` that is not at hand. */
export const pinnedQuery = (sessionId: string, start: number, ids: readonly string[]) =>
  queryOptions({
    queryKey: ["chat", sessionId, start, "pinned", ids],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/chat", {
          params: { ...ofSession(sessionId), query: { pinned: true } },
          signal,
        }),
      ),
    ...ONCE,
  });

/** The most wanted come first. */
export const questionsQuery = (sessionId: string, start: number) =>
  infiniteQueryOptions({
    queryKey: ["questions", sessionId, start],
    queryFn: ({ pageParam: cursor, signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/questions/most-wanted", {
          params: { ...ofSession(sessionId), query: cursor ? { cursor } : {} },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
    ...ONCE,
  });
