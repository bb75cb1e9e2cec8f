import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type EventLog, eventsAfter } from "../../sessions/events/eventFeed";
import { type Pages, pagesOf } from "../../ui/paging/pages";
import { questionsQuery } from "../queries";
import { type Question, questionOf, questionsAfter, ranked } from "./questions";

export interface QuestionLog {
  questions: readonly Question[];
  less: Pages;
}

/** The questions in pages, each brought up to date by the log; `me` is one's own participant id. */
export function useQuestions(sessionId: string, log: EventLog, me: string): QuestionLog {
  const query = useInfiniteQuery(questionsQuery(sessionId, log.start.sequence));
  const questions = useMemo(
    () =>
      ranked(
        (query.data?.pages ?? []).flatMap(({ items, sequence }) =>
          questionsAfter(items.map(questionOf), eventsAfter(log, sequence), me),
        ),
      ),
    [query.data, log, me],
  );
  return { questions, less: pagesOf(query) };
}
