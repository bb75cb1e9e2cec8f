import type { EventLog } from "../sessions/events/eventFeed";
import type { SessionView } from "../sessions/state/session";
import { useUnread } from "./chat/unread";
import { type ChatLog, useChat } from "./chat/useChat";
import { type QuestionLog, useQuestions } from "./questions/useQuestions";
import type { Reader } from "./reader";

/** What the log tells of how the chat is kept. */
export type ChatRules = SessionView["chat"];

export interface Audience {
  reader: Reader;
  chat: ChatLog;
  rules: ChatRules;
  asked: QuestionLog;
  unread: { chat: number; questions: number };
}

/** Chat and questions, and what of it came while its tab was not `shown`. */
export function useAudience(log: EventLog, reader: Reader, shown: string | null): Audience {
  const { sessionId, me } = reader;
  const chat = useChat(sessionId, log, me);
  const asked = useQuestions(sessionId, log, me);
  const unread = {
    chat: useUnread(chat.lines, me, log, shown === "chat"),
    questions: useUnread(asked.questions, me, log, shown === "questions"),
  };
  return { reader, chat, rules: log.view.chat, asked, unread };
}
