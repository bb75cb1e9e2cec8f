import { api, idempotent, unwrap } from "../api/client";

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
