import { Text } from "@mantine/core";
import { useInterval } from "@mantine/hooks";
import { useState } from "react";
import { comingUp } from "../../ui/time";
import type { Session } from "../queries";

const TICK_MS = 10_000;

/** How long it is until the class; the page around it shows by itself when it has begun. */
export function Waiting({ session }: { session: Session }) {
  const [now, setNow] = useState(() => new Date());
  useInterval(() => setNow(new Date()), TICK_MS, { autoInvoke: true });
  const soon = comingUp(new Date(session.scheduledStart), now);
  return (
    <Text c="dimmed" role="status">
      {soon ? `The class begins ${soon}.` : "The class has not begun."} This page shows when it has.
    </Text>
  );
}
