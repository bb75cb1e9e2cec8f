import { Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { EventLog } from "../sessions/events/eventFeed";
import { MorePages } from "../ui/MorePages";
import { clockTime } from "../ui/time";
import classes from "./TranscriptSoFar.module.css";
import { useSpoken } from "./useSpoken";

interface TranscriptProps {
  sessionId: string;
  log: EventLog;
  nameOf: (participantId: string) => string;
}

/** What was said so far, also before one came in; it scrolls along unless one reads further up. */
export function TranscriptSoFar({ sessionId, log, nameOf }: TranscriptProps) {
  const { cues, older } = useSpoken(sessionId, log);
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const last = cues.at(-1)?.segmentId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line is what asks for the scroll
  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [last]);
  if (cues.length === 0 && !older.loading) {
    return (
      <Text size="sm" c="dimmed" p="md">
        Nothing has been said yet. Every finished sentence appears here.
      </Text>
    );
  }
  const startMs = Date.parse(log.view.startedAt ?? "");
  return (
    <ol
      ref={list}
      className={classes.list}
      aria-label="Transcript so far"
      onScroll={({ currentTarget: at }) => {
        atEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 40;
      }}
    >
      <li>
        <MorePages pages={older} label="Earlier" />
      </li>
      {cues.map(({ segmentId, participantId, text, startUnixMs }) => (
        <li key={segmentId}>
          <Text size="xs" c="dimmed">
            <b>{nameOf(participantId)}</b> {clockTime(startUnixMs - startMs)}
          </Text>
          <Text size="sm">{text}</Text>
        </li>
      ))}
    </ol>
  );
}
