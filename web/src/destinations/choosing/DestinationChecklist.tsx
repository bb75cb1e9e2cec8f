import { Anchor, Checkbox, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { isAccount } from "../changes";
import { chosenAs } from "../names";
import { type Destination, defaultQuery, destinationsQuery } from "../queries";

interface DestinationChecklistProps {
  /** Null until somebody chooses: the person's default stands in. */
  selected: string[] | null;
  onChange: (destinationIds: string[]) => void;
}

/** The "Multistreaming" part of a session's form. */
export function DestinationChecklist({ selected, onChange }: DestinationChecklistProps) {
  const destinations = useQuery(destinationsQuery);
  const usual = useQuery({ ...defaultQuery, enabled: selected === null });
  if (destinations.isPending || usual.isLoading) return <Skeleton height={48} />;
  if (!destinations.data) return <ProblemAlert error={destinations.error} />;
  if (destinations.data.items.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nowhere to stream to yet.{" "}
        <Anchor component={Link} to="/dashboard/destinations" size="sm">
          Add a destination
        </Anchor>
      </Text>
    );
  }
  return (
    <Checkbox.Group
      label="Select destinations for this session:"
      value={selected ?? usual.data?.destinationIds ?? []}
      onChange={onChange}
    >
      <Stack gap="xs" mt="xs">
        {destinations.data.items.map((destination) => (
          <Checkbox
            key={destination.id}
            value={destination.id}
            label={chosenAs(destination)}
            description={detailOf(destination)}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function detailOf(destination: Destination): string {
  if (!isAccount(destination)) return destination.url;
  return destination.status === "connected"
    ? "Connected account"
    : "Reconnect it under Destinations first";
}
