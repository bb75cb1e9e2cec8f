import { Stack, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import classes from "./Audience.module.css";
import { ChatComposer } from "./ChatComposer";
import { ChatKeeping } from "./ChatKeeping";
import type { ChatLine } from "./chat";
import { Message } from "./Message";
import { Pinned } from "./Pinned";
import type { Reader } from "./reader";
import type { ChatRules } from "./rules";

interface ChatProps {
  lines: readonly ChatLine[];
  rules: ChatRules;
  reader: Reader;
}

/** Everything written so far, also before one came in; it scrolls along unless one reads further up. */
export function Chat({ lines, rules, reader }: ChatProps) {
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const newest = lines.at(-1)?.sequence;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message is what asks for the scroll
  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [newest]);
  const pinned = rules.pins.flatMap((id) => lines.filter((line) => line.id === id)).reverse();
  return (
    <Stack gap={0} className={classes.pane ?? ""}>
      {reader.moderates && <ChatKeeping rules={rules} reader={reader} />}
      <Pinned lines={pinned} reader={reader} />
      {lines.length === 0 ? (
        <Text size="sm" c="dimmed" p="md" flex={1}>
          No messages yet. Everybody in class reads what you write here.
        </Text>
      ) : (
        <ol
          ref={list}
          className={classes.list}
          aria-label="Messages"
          aria-live="polite"
          onScroll={({ currentTarget: at }) => {
            atEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 40;
          }}
        >
          {lines.map((line) => (
            <Message key={line.id} line={line} reader={reader} rules={rules} />
          ))}
        </ol>
      )}
      <div className={classes.foot}>
        <ChatComposer rules={rules} reader={reader} />
      </div>
    </Stack>
  );
}
