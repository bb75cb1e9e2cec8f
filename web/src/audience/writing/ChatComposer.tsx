import { Text } from "@mantine/core";
import { useState } from "react";
import type { Problem } from "../../api/problem";
import { sendChat } from "../commands";
import type { Reader } from "../reader";
import type { ChatRules } from "../useAudience";
import { Composer } from "./Composer";
import { useCountdown } from "./countdown";

interface ChatComposerProps {
  rules: ChatRules;
  reader: Reader;
}

/** Says why one cannot write, or how long to wait in slow mode; both are for students only. */
export function ChatComposer({ rules, reader }: ChatComposerProps) {
  const [until, setUntil] = useState(0);
  const wait = useCountdown(until);
  const muted = rules.muted.includes(reader.me);
  if (!reader.moderates && (muted || !rules.open)) {
    return (
      <Text size="sm" c="dimmed" role="status">
        {muted ? "You cannot write at the moment." : "The chat is closed at the moment."}
      </Text>
    );
  }
  const slow = reader.moderates ? 0 : rules.slowModeS;
  const onRefused = ({ code, details }: Problem) => {
    if (code === "slow_mode") setUntil(Date.now() + Number(details.retryAfterS) * 1000);
  };
  return (
    <>
      <Composer
        label="Message"
        placeholder="Write to the class"
        sendLabel="Send message"
        target={reader.sessionId}
        send={sendChat}
        held={slow > 0 && wait > 0}
        onSent={() => setUntil(Date.now() + slow * 1000)}
        onRefused={onRefused}
      />
      {slow > 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          {wait > 0
            ? `Slow mode: write again in ${wait} s`
            : `Slow mode: a message every ${slow} s`}
        </Text>
      )}
    </>
  );
}
