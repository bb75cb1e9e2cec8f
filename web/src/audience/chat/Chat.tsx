import { Stack, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { MorePages } from "../../ui/paging/MorePages";
import classes from "../Audience.module.css";
import { Message } from "../messages/Message";
import { Pinned } from "../messages/Pinned";
import type { Reader } from "../reader";
import type { ChatRules } from "../useAudience";
import { ChatComposer } from "../writing/ChatComposer";
import { ChatKeeping } from "./ChatKeeping";
import type { ChatLog } from "./useChat";

interface ChatProps {
  chat: ChatLog;
  rules: ChatRules;
  reader: Reader;
}

/** What was written, also before one came in; it scrolls along unless one reads further up. */
export function Chat({ chat: { lines, pinned, older }, rules, reader }: ChatProps) {
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const newest = lines.at(-1)?.sequence;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message is what asks for the scroll
  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [newest]);
  return (
    <Stack gap={0} className={classes.pane ?? ""}>
      {reader.moderates && <ChatKeeping rules={rules} reader={reader} />}
      <Pinned lines={pinned} reader={reader} />
      {lines.length === 0 && !older.loading ? (
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
          <li>
            <MorePages pages={older} label="Earlier messages" />
          </li>
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
