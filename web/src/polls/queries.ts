import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../api/client";
import type { Poll } from "./told";

/** As many as a class can have (orchestrator/polls/domain.py). */
const MAX_POLLS = 100;

export const pollsQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["polls", sessionId],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/polls", {
          params: { path: { session_id: sessionId }, query: { limit: MAX_POLLS } },
          signal,
        }),
      ),
  });

export type Draft = Omit<Schemas["CreatePoll"], "idempotencyKey">;

const ofPoll = (id: string) => ({ params: { path: { poll_id: id } } });

export const createPoll = (draft: Draft, key: string) =>
  unwrap(api.POST("/api/polls", { body: draft, ...idempotent(key) }));

export interface Edit {
  id: string;
  draft: Omit<Draft, "sessionId">;
}

export const editPoll = ({ id, draft }: Edit, key: string) =>
  unwrap(api.PATCH("/api/polls/{poll_id}", { ...ofPoll(id), body: draft, ...idempotent(key) }));

export const deletePoll = (id: string, key: string) =>
  unwrap(api.DELETE("/api/polls/{poll_id}", { ...ofPoll(id), ...idempotent(key) }));

export const openPoll = (id: string, key: string): Promise<Poll> =>
  unwrap(api.POST("/api/polls/{poll_id}/open", { ...ofPoll(id), ...idempotent(key) }));

export const closePoll = (id: string, key: string): Promise<Poll> =>
  unwrap(api.POST("/api/polls/{poll_id}/close", { ...ofPoll(id), ...idempotent(key) }));

export interface Answer {
  id: string;
  choices: number[];
}

export const answerPoll = ({ id, choices }: Answer, key: string): Promise<Poll> =>
  unwrap(
    api.POST("/api/polls/{poll_id}/responses", {
      ...ofPoll(id),
      body: { choices },
      ...idempotent(key),
    }),
  );

export const exportAddress = (id: string): string => `/api/polls/${id}/export`;
