import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type EventLog, eventsAfter } from "../../sessions/events/eventFeed";
import { type Pages, pagesOf } from "../../ui/paging/pages";
import { chatQuery, pinnedQuery } from "../queries";
import { type ChatLine, chatAfter, lineOf } from "./chat";

export interface ChatLog {
  /** Oldest first, as far back as they were asked for. */
  lines: readonly ChatLine[];
  /** The latest first. */
  pinned: readonly ChatLine[];
  older: Pages;
}

/** The chat in pages, each brought up to date by the log; `me` is one's own participant id. */
export function useChat(sessionId: string, log: EventLog, me: string): ChatLog {
  const query = useInfiniteQuery(chatQuery(sessionId, log.start.sequence));
  const lines = useMemo(
    () =>
      (query.data?.pages ?? [])
        .map(({ items, sequence }, page) =>
          chatAfter(items.map(lineOf), eventsAfter(log, sequence), { me, grows: page === 0 }),
        )
        .reverse()
        .flat(),
    [query.data, log, me],
  );
  const pinned = usePinned(sessionId, log, lines, me);
  return { lines, pinned, older: pagesOf(query) };
}

/** Pinned messages are on top however old they are. */
function usePinned(sessionId: string, log: EventLog, lines: readonly ChatLine[], me: string) {
  const { pins } = log.view.chat;
  const missing = pins.filter((id) => !lines.some((line) => line.id === id));
  const query = useQuery({
    ...pinnedQuery(sessionId, log.start.sequence, missing),
    enabled: missing.length > 0,
  });
  return useMemo(() => {
    const { items = [], sequence = 0 } = query.data ?? {};
    const reading = { me, grows: false };
    const fetched = chatAfter(items.map(lineOf), eventsAfter(log, sequence), reading);
    const known = new Map([...fetched, ...lines].map((line) => [line.id, line]));
    return pins.flatMap((id) => known.get(id) ?? []).reverse();
  }, [query.data, log, lines, pins, me]);
}
