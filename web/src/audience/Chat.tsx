import { Stack, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import classes from "./Audience.module.css";
import { Composer } from "./Composer";
import type { ChatLine } from "./chat";
import { sendChat } from "./commands";
import { Message } from "./Message";
import type { Reader } from "./reader";

interface ChatProps {
  lines: readonly ChatLine[];
  reader: Reader;
}

/** Everything written so far, also before one came in; it scrolls along unless one reads further up. */
export function Chat({ lines, reader }: ChatProps) {
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const newest = lines.at(-1)?.sequence;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message is what asks for the scroll
  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [newest]);
  return (
    <Stack gap={0} className={classes.pane ?? ""}>
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
            <Message key={line.id} line={line} reader={reader} />
          ))}
        </ol>
      )}
      <div className={classes.foot}>
        <Composer
          label="Message"
          placeholder="Write to the class"
          sendLabel="Send message"
          target={reader.sessionId}
          send={sendChat}
        />
      </div>
    </Stack>
  );
}
