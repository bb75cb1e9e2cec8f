import { Badge, Group, Skeleton, Stack, Switch, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useCommand } from "../../api/useCommand";
import {
  type Destination,
  destinationsQuery,
  type SessionDestination,
  selectDestinations,
  sessionDestinationsQuery,
} from "../../destinations/queries";
import { STATUS_FACES, statusLine, toggled } from "../../destinations/status";
import { ProblemAlert } from "../../ui/ProblemAlert";

const POLL_MS = 3_000;

interface OnAirProps {
  sessionId: string;
  /** Sequence of the log's last word on destinations: a new one asks for a look at once. */
  changedAt: number;
}

/** Where the class is broadcast to and how each connection does; switching works while it is live. */
export function OnAir({ sessionId, changedAt }: OnAirProps) {
  const query = sessionDestinationsQuery(sessionId);
  const all = useQuery(destinationsQuery);
  const onAir = useQuery({ ...query, refetchInterval: POLL_MS });
  const { refetch } = onAir;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the change in the log is the reason to look
  useEffect(() => void refetch(), [changedAt, refetch]);
  const queryClient = useQueryClient();
  const select = useCommand(selectDestinations, {
    onSuccess: () => queryClient.invalidateQueries(query),
  });
  if (all.error ?? onAir.error) return <ProblemAlert error={all.error ?? onAir.error} />;
  if (!all.data || !onAir.data) return <Skeleton height={60} m="sm" />;

  const chosen = onAir.data.map((item) => item.destinationId);
  return (
    <Stack gap="md" p="md">
      {all.data.items.length === 0 && (
        <Text size="sm" c="dimmed">
          No destinations yet. Add them under Destinations on your dashboard.
        </Text>
      )}
      {all.data.items.map((destination) => (
        <Line
          key={destination.id}
          destination={destination}
          state={onAir.data.find((item) => item.destinationId === destination.id)}
          busy={select.isPending}
          onSwitch={(on) =>
            select.mutate({ sessionId, destinationIds: toggled(chosen, destination.id, on) })
          }
        />
      ))}
      {select.error && <ProblemAlert title="Nothing was changed" error={select.error} />}
    </Stack>
  );
}

interface LineProps {
  destination: Destination;
  state: SessionDestination | undefined;
  busy: boolean;
  onSwitch: (on: boolean) => void;
}

function Line({ destination, state, busy, onSwitch }: LineProps) {
  const line = state && statusLine(state, new Date());
  return (
    <section aria-label={destination.name}>
      <Group justify="space-between" wrap="nowrap">
        <Switch
          label={destination.name}
          checked={state !== undefined}
          disabled={busy}
          onChange={(event) => onSwitch(event.currentTarget.checked)}
        />
        {state && (
          <Badge color={STATUS_FACES[state.status].color} variant="light">
            {STATUS_FACES[state.status].label}
          </Badge>
        )}
      </Group>
      {line && (
        <Text size="xs" c="dimmed" mt={4}>
          {line}
        </Text>
      )}
    </section>
  );
}
