import { Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { SessionFacts } from "../sessions/events/facts";
import { clockTime } from "../ui/time";
import classes from "./TranscriptSoFar.module.css";

/** Everything said so far, also before one came in; it scrolls along unless one reads further up. */
export function TranscriptSoFar({ facts }: { facts: SessionFacts }) {
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const count = facts.spoken.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line is what asks for the scroll
  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [count]);
  if (count === 0) {
    return (
      <Text size="sm" c="dimmed" p="md">
        Nothing has been said yet. Every finished sentence appears here.
      </Text>
    );
  }
  const startMs = facts.startedAt ? Date.parse(facts.startedAt) : 0;
  return (
    <ol
      ref={list}
      className={classes.list}
      aria-label="Transcript so far"
      onScroll={({ currentTarget: at }) => {
        atEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 40;
      }}
    >
      {facts.spoken.map(({ segmentId, participantId, text, startUnixMs }) => (
        <li key={segmentId}>
          <Text size="xs" c="dimmed">
            <b>{facts.names.get(participantId) ?? "Someone"}</b> {clockTime(startUnixMs - startMs)}
          </Text>
          <Text size="sm">{text}</Text>
        </li>
      ))}
    </ol>
  );
}
