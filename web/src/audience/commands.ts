import { api, idempotent, unwrap } from "../api/client";
import type { Emoji } from "./chat/emoji";

export interface Text {
  id: string;
  content: string;
}

const ofMessage = (id: string) => ({ params: { path: { message_id: id } } });
const ofQuestion = (id: string) => ({ params: { path: { question_id: id } } });

/** `id` is the session's. */
export const sendChat = ({ id: sessionId, content }: Text, key: string) =>
  unwrap(api.POST("/api/chat", { body: { sessionId, content }, ...idempotent(key) }));

export const editChat = ({ id, content }: Text, key: string) =>
  unwrap(
    api.PATCH("/api/chat/{message_id}", {
      ...ofMessage(id),
      body: { content },
      ...idempotent(key),
    }),
  );

export const deleteChat = (id: string, key: string) =>
  unwrap(api.DELETE("/api/chat/{message_id}", { ...ofMessage(id), ...idempotent(key) }));

/** `id` is the session's. */
export const askQuestion = ({ id: sessionId, content }: Text, key: string) =>
  unwrap(api.POST("/api/questions", { body: { sessionId, content }, ...idempotent(key) }));

export interface Vote {
  id: string;
  up: boolean;
}

export const voteFor = ({ id, up }: Vote, key: string) => {
  const call = { ...ofQuestion(id), ...idempotent(key) };
  return unwrap(
    up
      ? api.POST("/api/questions/{question_id}/upvote", call)
      : api.DELETE("/api/questions/{question_id}/upvote", call),
  );
};

/** An empty text says that it was answered by word of mouth. */
export const answerQuestion = ({ id, content }: Text, key: string) =>
  unwrap(
    api.POST("/api/questions/{question_id}/answer", {
      ...ofQuestion(id),
      body: content ? { answer: content } : {},
      ...idempotent(key),
    }),
  );

export const dismissQuestion = (id: string, key: string) =>
  unwrap(
    api.POST("/api/questions/{question_id}/dismiss", { ...ofQuestion(id), ...idempotent(key) }),
  );

export interface Switched {
  id: string;
  on: boolean;
}

export const setPinned = ({ id, on }: Switched, key: string) => {
  const call = { ...ofMessage(id), ...idempotent(key) };
  return unwrap(
    on
      ? api.POST("/api/chat/{message_id}/pin", call)
      : api.DELETE("/api/chat/{message_id}/pin", call),
  );
};

export const setReaction = ({ id, emoji, on }: Switched & { emoji: Emoji }, key: string) => {
  const call = { params: { path: { message_id: id, emoji } }, ...idempotent(key) };
  return unwrap(
    on
      ? api.PUT("/api/chat/{message_id}/reactions/{emoji}", call)
      : api.DELETE("/api/chat/{message_id}/reactions/{emoji}", call),
  );
};

export interface Muting {
  sessionId: string;
  participantId: string;
  on: boolean;
}

export const setMuted = ({ sessionId, participantId, on }: Muting, key: string) => {
  const path = { session_id: sessionId };
  return unwrap(
    on
      ? api.POST("/api/sessions/{session_id}/chat/mutes", {
          params: { path },
          body: { participantId },
          ...idempotent(key),
        })
      : api.DELETE("/api/sessions/{session_id}/chat/mutes/{participant_id}", {
          params: { path: { ...path, participant_id: participantId } },
          ...idempotent(key),
        }),
  );
};

export interface NewRules {
  sessionId: string;
  rules: { open: boolean; slowModeS: number; words: string[] };
}

export const setRules = ({ sessionId, rules }: NewRules, key: string) =>
  unwrap(
    api.PUT("/api/sessions/{session_id}/chat/rules", {
      params: { path: { session_id: sessionId } },
      body: rules,
      ...idempotent(key),
    }),
  );
