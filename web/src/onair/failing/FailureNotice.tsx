import { Alert, Anchor, List, Text } from "@mantine/core";
import { IconBroadcastOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { plainReason } from "../../destinations/status/reasons";
import { timeOfDay } from "../../ui/time";
import { failuresQuery } from "../queries";

const POLL_MS = 15_000;

/** For administrators: what classes that are live now have given up to stream to. Nothing when all is well. */
export function FailureNotice() {
  const { data } = useQuery({ ...failuresQuery, refetchInterval: POLL_MS });
  if (!data?.items.length) return null;
  return (
    <Alert
      color="red"
      icon={<IconBroadcastOff aria-hidden />}
      title="A live class has lost a destination"
    >
      <List size="sm" spacing={4}>
        {data.items.map((one) => (
          <List.Item key={`${one.sessionId}${one.destinationId}`}>
            <b>{one.name}</b> in{" "}
            <Anchor component={Link} to={`/sessions/${one.sessionId}`} size="sm">
              {one.sessionTitle}
            </Anchor>{" "}
            since {timeOfDay(new Date(one.at))}
            <Text size="xs" c="dimmed">
              {plainReason(one.reason ?? "")}
            </Text>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
