import { Anchor, Checkbox, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { ProblemAlert } from "../ui/ProblemAlert";
import { destinationsQuery } from "./queries";

interface DestinationChecklistProps {
  selected: string[];
  onChange: (destinationIds: string[]) => void;
}

/** The "Multistreaming" part of a session's form. */
export function DestinationChecklist({ selected, onChange }: DestinationChecklistProps) {
  const destinations = useQuery(destinationsQuery);
  if (destinations.isPending) return <Skeleton height={48} />;
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
      value={selected}
      onChange={onChange}
    >
      <Stack gap="xs" mt="xs">
        {destinations.data.items.map(({ id, name, type, url }) => (
          <Checkbox key={id} value={id} label={name} description={`${TYPE_NAMES[type]} · ${url}`} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

const TYPE_NAMES = { rtmp: "Custom RTMP", youtube: "YouTube", twitch: "Twitch" } as const;
