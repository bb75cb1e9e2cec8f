import { useConnectionState } from "@livekit/components-react";
import { Button, Group, Text } from "@mantine/core";
import { ConnectionState } from "livekit-client";
import { useCountdown } from "../../audience/writing/countdown";
import classes from "./MediaNotice.module.css";
import type { Away } from "./useMedia";

/** Says that the class goes on without sound and pictures, and how they come back. */
export function MediaNotice({ away }: { away: Away | null }) {
  const state = useConnectionState();
  const blinks =
    state === ConnectionState.Reconnecting || state === ConnectionState.SignalReconnecting;
  return (
    <div role="status" aria-label="Sound and pictures">
      {away ? (
        <AwayNotice away={away} />
      ) : (
        blinks && (
          <Group className={classes.notice ?? ""}>
            <Text size="sm">Sound and pictures are interrupted. Connecting again…</Text>
          </Group>
        )
      )}
    </div>
  );
}

function AwayNotice({ away: { nextAt, tryNow } }: { away: Away }) {
  const seconds = useCountdown(nextAt ?? 0);
  return (
    <Group className={classes.notice ?? ""}>
      <Text size="sm" flex="1 1 240px">
        <b>No sound or pictures: the media server cannot be reached.</b> Chat, questions, polls,
        hands and slides go on.
        {/* Read out once, not every second. */}
        <span aria-hidden>{nextAt === null ? " Connecting…" : ` Next try in ${seconds} s.`}</span>
      </Text>
      <Button size="compact-sm" variant="default" disabled={nextAt === null} onClick={tryNow}>
        Try now
      </Button>
    </Group>
  );
}
