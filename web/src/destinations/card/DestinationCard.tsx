import { ActionIcon, Badge, Button, Card, Code, Group, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconBroadcast, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { adviceFor } from "../../api/advice";
import { useCommand } from "../../api/useCommand";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { PLATFORM_ICONS } from "../accounts/ConnectAccounts";
import { DisconnectButton } from "../accounts/DisconnectButton";
import { ReconnectButton } from "../accounts/ReconnectButton";
import { isAccount } from "../changes";
import { listedAs } from "../names";
import { type Destination, destinationsQuery, removeDestination } from "../queries";
import { EditDestination } from "./EditDestination";
import { TestDestination } from "./TestDestination";

const STATUS = {
  connected: { color: "lectern", label: "Connected" },
  expired: { color: "yellow", label: "Expired" },
  disconnected: { color: "gray", label: "Disconnected" },
  error: { color: "red", label: "Error" },
} as const;

export function DestinationCard({ destination }: { destination: Destination }) {
  const { color, label } = STATUS[destination.status];
  const { type, status, name } = destination;
  const Icon = type === "rtmp" ? IconBroadcast : PLATFORM_ICONS[type];
  return (
    <Card component="li" withBorder padding="md" aria-label={destination.name}>
      <Group justify="space-between">
        <Group wrap="nowrap" miw={0} flex="1 1 220px">
          <Icon size={26} stroke={1.5} style={{ flexShrink: 0 }} aria-hidden />
          <div style={{ minWidth: 0 }}>
            <Group gap="xs">
              <Title order={2} size="h5">
                {listedAs(destination)}
              </Title>
              <Badge color={color} variant="light">
                {label}
              </Badge>
            </Group>
            <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {isAccount(destination) ? "Connected account" : destination.url}
              {destination.keyHint && (
                <>
                  {" · key ends in "}
                  <Code>{destination.keyHint}</Code>
                </>
              )}
            </Text>
          </div>
        </Group>
        <Group gap={4}>
          {type !== "rtmp" && status !== "connected" && (
            <ReconnectButton platform={type} name={name} />
          )}
          <TestButton destination={destination} />
          {type !== "rtmp" && <DisconnectButton destination={destination} />}
          <EditButton destination={destination} />
          <RemoveButton destination={destination} />
        </Group>
      </Group>
    </Card>
  );
}

function TestButton({ destination }: { destination: Destination }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        size="compact-md"
        variant="default"
        aria-label={`Test ${destination.name}`}
        onClick={open}
      >
        Test
      </Button>
      <TestDestination destination={destination} opened={opened} onClose={close} />
    </>
  );
}

function EditButton({ destination }: { destination: Destination }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Edit ${destination.name}`}
        onClick={open}
      >
        <IconPencil size={18} aria-hidden />
      </ActionIcon>
      <EditDestination destination={destination} opened={opened} onClose={close} />
    </>
  );
}

function RemoveButton({ destination }: { destination: Destination }) {
  const queryClient = useQueryClient();
  const remove = useCommand(removeDestination, {
    onSuccess: () => queryClient.invalidateQueries(destinationsQuery),
  });
  const confirm = () =>
    remove.mutate(destination.id, {
      onError: (problem) =>
        notifications.show({
          color: "red",
          title: `${destination.name} was not removed`,
          message: `${problem.message} ${adviceFor(problem) ?? ""}`,
        }),
    });
  return (
    <ConfirmButton
      question={`Remove ${destination.name}?`}
      explanation="Sessions that selected it will no longer stream to it."
      confirmLabel="Remove"
      onConfirm={confirm}
      button={(open) => (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`Remove ${destination.name}`}
          loading={remove.isPending}
          onClick={open}
        >
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      )}
    />
  );
}
