import { ActionIcon, Badge, Button, Card, Group, Modal, Switch, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconTrash, IconWebhook } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { adviceFor } from "../api/advice";
import type { Problem } from "../api/problem";
import { useCommand } from "../api/useCommand";
import { ConfirmButton } from "../ui/ConfirmButton";
import { Attempts } from "./Attempts";
import {
  endpointsQuery,
  removeEndpoint,
  rotateSecret,
  updateEndpoint,
  type WebhookEndpoint,
} from "./queries";
import { SecretShown } from "./SecretShown";
import { TestEndpoint } from "./TestEndpoint";

const STATUS = {
  enabled: { color: "lectern", label: "Delivering" },
  failing: { color: "yellow", label: "Failing" },
  disabled: { color: "gray", label: "Off" },
} as const;

const failed = (problem: Problem) =>
  notifications.show({
    color: "red",
    title: "The endpoint was not changed",
    message: `${problem.message} ${adviceFor(problem) ?? ""}`,
  });

export function EndpointCard({ endpoint }: { endpoint: WebhookEndpoint }) {
  const { color, label } = STATUS[endpoint.status];
  const title = endpoint.description || new URL(endpoint.url).host;
  return (
    <Card component="li" withBorder padding="md" aria-label={title}>
      <Group justify="space-between">
        <Group wrap="nowrap" miw={0} flex="1 1 220px">
          <IconWebhook size={26} stroke={1.5} style={{ flexShrink: 0 }} aria-hidden />
          <div style={{ minWidth: 0 }}>
            <Group gap="xs">
              <Title order={2} size="h5">
                {title}
              </Title>
              <Badge color={color} variant="light">
                {label}
              </Badge>
            </Group>
            <Text size="sm" c="dimmed" truncate>
              {endpoint.url}
            </Text>
            <Text size="xs" c="dimmed">
              {endpoint.eventTypes.length === 0 ? "All events" : endpoint.eventTypes.join(", ")}
              {endpoint.reason && ` · last answer: ${endpoint.reason}`}
            </Text>
          </div>
        </Group>
        <Actions endpoint={endpoint} title={title} />
      </Group>
    </Card>
  );
}

interface ActionsProps {
  endpoint: WebhookEndpoint;
  title: string;
}

function Actions({ endpoint, title }: ActionsProps) {
  const [testing, test] = useDisclosure(false);
  const [looking, look] = useDisclosure(false);
  return (
    <Group gap={6}>
      <OnOff endpoint={endpoint} title={title} />
      <Button size="compact-md" variant="default" aria-label={`Test ${title}`} onClick={test.open}>
        Test
      </Button>
      <Button
        size="compact-md"
        variant="default"
        aria-label={`Deliveries to ${title}`}
        onClick={look.open}
      >
        Deliveries
      </Button>
      <NewSecret endpoint={endpoint} title={title} />
      <Remove endpoint={endpoint} title={title} />
      <TestEndpoint id={endpoint.id} title={title} opened={testing} onClose={test.close} />
      <Attempts id={endpoint.id} title={title} opened={looking} onClose={look.close} />
    </Group>
  );
}

function useChanged() {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries(endpointsQuery);
}

function OnOff({ endpoint, title }: ActionsProps) {
  const update = useCommand(updateEndpoint, { onSuccess: useChanged() });
  const change = (enabled: boolean) =>
    update.mutate({ id: endpoint.id, changes: { enabled } }, { onError: failed });
  return (
    <Switch
      checked={endpoint.status !== "disabled"}
      disabled={update.isPending}
      onChange={(event) => change(event.currentTarget.checked)}
      aria-label={`Deliver to ${title}`}
    />
  );
}

function NewSecret({ endpoint, title }: ActionsProps) {
  const [secret, setSecret] = useState<string>();
  const rotate = useCommand(rotateSecret, { onSuccess: (reply) => setSecret(reply.secret) });
  const close = () => setSecret(undefined);
  return (
    <>
      <ConfirmButton
        question={`Make a new secret for ${title}?`}
        explanation="The one it has signs beside the new one for 24 hours, then no longer."
        confirmLabel="Make a new secret"
        onConfirm={() => rotate.mutate(endpoint.id, { onError: failed })}
        button={(open) => (
          <Button
            size="compact-md"
            variant="default"
            aria-label={`New secret for ${title}`}
            loading={rotate.isPending}
            onClick={open}
          >
            New secret
          </Button>
        )}
      />
      <Modal opened={secret !== undefined} onClose={close} title={`New secret for ${title}`}>
        <SecretShown secret={secret ?? ""} onClose={close} />
      </Modal>
    </>
  );
}

function Remove({ endpoint, title }: ActionsProps) {
  const remove = useCommand(removeEndpoint, { onSuccess: useChanged() });
  return (
    <ConfirmButton
      question={`Remove ${title}?`}
      explanation="It hears nothing more, and its list of deliveries is deleted."
      confirmLabel="Remove"
      onConfirm={() => remove.mutate(endpoint.id, { onError: failed })}
      button={(open) => (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`Remove ${title}`}
          loading={remove.isPending}
          onClick={open}
        >
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      )}
    />
  );
}
