import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useUnread } from "../audience/chat/unread";
import type { EventLog } from "../sessions/events/eventFeed";
import { pollsQuery } from "./queries";
import { type Poll, type Polls, pollsOf, upToDate } from "./told";

/** Answers under seal are counted by the server alone, so staff ask it again and again. */
const POLL_MS = 3_000;

export interface ClassPolls extends Polls {
  /** Opened while one did not look. */
  unread: number;
}

/** The polls that the log tells of; says to a student when one opens, unless the polls are `visible` anyway. */
export function useClassPolls(log: EventLog, keeps: boolean, visible: boolean): ClassPolls {
  const polls = useMemo(() => pollsOf(log.start, log.events), [log]);
  const told = useMemo(
    () => [...polls.told.values()].map((poll) => ({ ...poll, participantId: "" })),
    [polls],
  );
  const announced = useRef(new Set<string>());
  useEffect(() => {
    for (const { id, status, prompt } of told) {
      if (status !== "open" || announced.current.has(id)) continue;
      announced.current.add(id);
      if (!keeps && !visible)
        notifications.show({ id, title: "A question for the class", message: prompt });
    }
  }, [told, keeps, visible]);
  const unread = useUnread(told, "nobody", log, visible);
  return { ...polls, unread: keeps ? 0 : unread };
}

/** All that the reader may see of the polls, as fresh as the log. */
export function usePolls(sessionId: string, { told, changedAt }: Polls, keeps: boolean) {
  const query = useQuery({
    ...pollsQuery(sessionId),
    refetchInterval: ({ state }) => (keeps && state.data?.items.some(isSealed) ? POLL_MS : false),
  });
  const { refetch } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the change in the log is the reason to look
  useEffect(() => void refetch(), [changedAt, refetch]);
  const polls = useMemo(() => upToDate(query.data?.items ?? [], told), [query.data, told]);
  return { polls, query };
}

const isSealed = (poll: Poll) => poll.status === "open" && poll.results === "after_close";
