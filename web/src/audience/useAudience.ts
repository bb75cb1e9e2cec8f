import { useMemo } from "react";
import type { EventLog } from "../sessions/events/eventFeed";
import { type ChatLine, chatOf } from "./chat";
import { type Question, questionsOf } from "./questions";
import type { Reader } from "./reader";
import { type ChatRules, rulesOf } from "./rules";
import { useUnread } from "./unread";

export interface Audience {
  reader: Reader;
  lines: readonly ChatLine[];
  rules: ChatRules;
  questions: readonly Question[];
  unread: { chat: number; questions: number };
}

/** Chat and questions of the log, and what of it came while its tab was not `shown`. */
export function useAudience(log: EventLog, reader: Reader, shown: string | null): Audience {
  const lines = useMemo(() => chatOf(log.events), [log]);
  const rules = useMemo(() => rulesOf(log.events), [log]);
  const questions = useMemo(() => questionsOf(log.events), [log]);
  const unread = {
    chat: useUnread(lines, reader.me, log.last, shown === "chat"),
    questions: useUnread(questions, reader.me, log.last, shown === "questions"),
  };
  return { reader, lines, rules, questions, unread };
}
