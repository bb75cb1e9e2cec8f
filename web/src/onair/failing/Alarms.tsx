import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { type SessionDestination, sessionDestinationsQuery } from "../../destinations/queries";
import { plainReason } from "../../destinations/status/reasons";
import { justFailed } from "./failing";

const NOBODY: readonly SessionDestination[] = [];

interface AlarmsProps {
  sessionId: string;
  /** As for OnAir. */
  changedAt: number;
}

/** Tells whoever teaches that a destination was given up, whatever panel is open. Draws nothing itself. */
export function Alarms({ sessionId, changedAt }: AlarmsProps) {
  const { data = NOBODY, refetch } = useQuery(sessionDestinationsQuery(sessionId));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the change in the log is the reason to look
  useEffect(() => void refetch(), [changedAt, refetch]);
  const before = useRef(NOBODY);
  useEffect(() => {
    for (const { destinationId, name, reason } of justFailed(before.current, data))
      notifications.show({
        id: `failed-${destinationId}`,
        color: "red",
        autoClose: false,
        // At the right it would cover the tabs of the panel that it sends people to.
        position: "top-left",
        title: `${name} is off the air`,
        message: `${reason ? `${plainReason(reason)} ` : ""}It was given up; try again under On air.`,
      });
    before.current = data;
  }, [data]);
  return null;
}
