import { Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBroadcast, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { canTeach, useUser } from "../auth/user";
import { Notice } from "../ui/Notice";
import { ProblemAlert } from "../ui/ProblemAlert";
import { Arrived } from "./accounts/Arrived";
import { AddDestination } from "./adding/AddDestination";
import { DestinationCard } from "./card/DestinationCard";
import { DefaultChoice } from "./choosing/DefaultChoice";
import { destinationsQuery } from "./queries";

export function Component() {
  const [adding, { open, close }] = useDisclosure(false);
  if (!canTeach(useUser())) {
    return (
      <Notice title="Destinations are for teachers" text="Ask a teacher or an administrator." />
    );
  }
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <div>
          <Title order={1} size="h2">
            Destinations
          </Title>
          <Text c="dimmed" size="sm">
            Places your classes can be broadcast to, several at once.
          </Text>
        </div>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={open}>
          Add destination
        </Button>
      </Group>
      <Arrived />
      <DestinationList onAdd={open} />
      <DefaultChoice />
      <AddDestination opened={adding} onClose={close} />
    </Stack>
  );
}

function DestinationList({ onAdd }: { onAdd: () => void }) {
  const destinations = useQuery(destinationsQuery);
  if (destinations.isPending) {
    return <Skeleton height={78} radius="md" role="status" aria-label="Loading destinations" />;
  }
  if (!destinations.data) {
    return <ProblemAlert error={destinations.error} onRetry={() => void destinations.refetch()} />;
  }
  if (destinations.data.items.length === 0) return <Empty onAdd={onAdd} />;
  return (
    <Stack component="ul" gap="xs" p={0} m={0} aria-label="Destinations">
      {destinations.data.items.map((destination) => (
        <DestinationCard key={destination.id} destination={destination} />
      ))}
    </Stack>
  );
}

function Empty({ onAdd }: { onAdd: () => void }) {
  return (
    <Notice
      icon={<IconBroadcast size={44} stroke={1.4} aria-hidden />}
      title="No destinations yet"
      text="Connect a YouTube or Twitch account, or add the server address and stream key of any service; then choose it when you create a session."
    >
      <Button onClick={onAdd}>Add your first destination</Button>
    </Notice>
  );
}
