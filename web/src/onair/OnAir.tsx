import { Skeleton, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useCommand } from "../api/useCommand";
import {
  destinationsQuery,
  type SessionDestination,
  selectDestinations,
  sessionDestinationsQuery,
} from "../destinations/queries";
import { toggled } from "../destinations/status/status";
import { ProblemAlert } from "../ui/ProblemAlert";
import { AddToAir } from "./AddToAir";
import { OnAirRow } from "./OnAirRow";
import { retryDestination } from "./queries";
import { useTimeline } from "./timeline/useTimeline";
import { Programme } from "./watching/Programme";

/** The worker measures as often. */
const POLL_MS = 2_000;
const NOBODY: readonly SessionDestination[] = [];

interface OnAirProps {
  sessionId: string;
  /** Sequence of the log's last word on destinations: a new one asks for a look at once. */
  changedAt: number;
}

/** Where the class is broadcast to and how each connection does; all of it can be changed while it is live. */
export function OnAir({ sessionId, changedAt }: OnAirProps) {
  const query = sessionDestinationsQuery(sessionId);
  const all = useQuery(destinationsQuery);
  const onAir = useQuery({ ...query, refetchInterval: POLL_MS });
  const { refetch } = onAir;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the change in the log is the reason to look
  useEffect(() => void refetch(), [changedAt, refetch]);
  const lines = useTimeline(sessionId, onAir.data ?? NOBODY);
  const queryClient = useQueryClient();
  const shown = { onSuccess: () => queryClient.invalidateQueries({ ...query, exact: true }) };
  const select = useCommand(selectDestinations, shown);
  const retry = useCommand(retryDestination, shown);
  if (all.error ?? onAir.error) return <ProblemAlert error={all.error ?? onAir.error} />;
  if (!all.data || !onAir.data) return <Skeleton height={60} m="sm" />;

  const chosen = onAir.data.map((item) => item.destinationId);
  const put = (id: string, on: boolean) =>
    select.mutate({ sessionId, destinationIds: toggled(chosen, id, on) });
  const busy = select.isPending || retry.isPending;
  return (
    <Stack gap="sm" p="md">
      <Programme sessionId={sessionId} />
      <Explanation own={all.data.items.length} chosen={chosen.length} />
      <div>
        {onAir.data.map((state) => (
          <OnAirRow
            key={state.destinationId}
            state={state}
            samples={lines.get(state.destinationId) ?? []}
            busy={busy}
            onRetry={() => retry.mutate({ sessionId, destinationId: state.destinationId })}
            onRemove={() => put(state.destinationId, false)}
          />
        ))}
      </div>
      {all.data.items.length > 0 && (
        <AddToAir
          others={all.data.items.filter(({ id }) => !chosen.includes(id))}
          busy={busy}
          onAdd={(id) => put(id, true)}
        />
      )}
      {select.error && <ProblemAlert title="Nothing was changed" error={select.error} />}
      {retry.error && <ProblemAlert title="It was not tried again" error={retry.error} />}
    </Stack>
  );
}

function Explanation({ own, chosen }: { own: number; chosen: number }) {
  if (own > 0 && chosen > 0) return null;
  return (
    <Text size="sm" c="dimmed">
      {own === 0
        ? "No destinations yet. Add them under Destinations on your dashboard."
        : "This class is broadcast nowhere. It is recorded all the same."}
    </Text>
  );
}
