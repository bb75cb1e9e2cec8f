import { useConnectionState } from "@livekit/components-react";
import { Badge, Group, Text, Title } from "@mantine/core";
import { ConnectionState } from "livekit-client";
import { useEffect, useState } from "react";
import { clockTime } from "../../ui/time";
import classes from "./RoomHeader.module.css";

const STATES = {
  [ConnectionState.Connected]: { color: "lectern", label: "Connected" },
  [ConnectionState.Connecting]: { color: "yellow", label: "Connecting…" },
  [ConnectionState.Reconnecting]: { color: "yellow", label: "Reconnecting…" },
  [ConnectionState.SignalReconnecting]: { color: "yellow", label: "Reconnecting…" },
  [ConnectionState.Disconnected]: { color: "red", label: "Not connected" },
} as const;

export function RoomHeader({ title, startedAt }: { title: string; startedAt: string | null }) {
  const { color, label } = STATES[useConnectionState()];
  return (
    <header className={classes.header}>
      <Group gap="sm" wrap="nowrap" miw={0}>
        <img src="/lectern.svg" alt="" width={24} height={24} />
        <Title order={1} size="h5" className={classes.title ?? ""}>
          {title}
        </Title>
        {startedAt && <OnAirClock startedAt={startedAt} />}
      </Group>
      <Badge
        color={color}
        variant="dot"
        role="status"
        flex="none"
        aria-label={`Connection: ${label}`}
      >
        {label}
      </Badge>
    </header>
  );
}

function OnAirClock({ startedAt }: { startedAt: string }) {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNowMs(Date.now()), 1_000);
    return () => window.clearInterval(timer);
  }, []);
  return (
    <Group gap={6} wrap="nowrap" className={classes.live ?? ""}>
      <span className={classes.dot} aria-hidden />
      <Text size="xs" fw={650}>
        Live
      </Text>
      <Text size="xs" ff="monospace" aria-label="Time since the class started">
        {clockTime(nowMs - Date.parse(startedAt))}
      </Text>
    </Group>
  );
}
