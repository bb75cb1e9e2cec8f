import { Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { isAdmin, useUser } from "../auth/user";
import { Notice } from "../ui/Notice";
import { ProblemAlert } from "../ui/ProblemAlert";
import { AddEndpoint } from "./AddEndpoint";
import { EndpointCard } from "./EndpointCard";
import { endpointsQuery } from "./queries";

export function Component() {
  const [adding, { open, close }] = useDisclosure(false);
  if (!isAdmin(useUser())) {
    return <Notice title="Webhooks are for administrators" text="Ask an administrator." />;
  }
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <div>
          <Title order={1} size="h2">
            Webhooks
          </Title>
          <Text c="dimmed" size="sm">
            Tell other systems what happens in your classes, signed and in order.
          </Text>
        </div>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={open}>
          Add endpoint
        </Button>
      </Group>
      <Endpoints onAdd={open} />
      <AddEndpoint opened={adding} onClose={close} />
    </Stack>
  );
}

function Endpoints({ onAdd }: { onAdd: () => void }) {
  const endpoints = useQuery(endpointsQuery);
  if (endpoints.isPending) {
    return <Skeleton height={78} radius="md" role="status" aria-label="Loading endpoints" />;
  }
  if (!endpoints.data) {
    return <ProblemAlert error={endpoints.error} onRetry={() => void endpoints.refetch()} />;
  }
  if (endpoints.data.items.length === 0) return <Empty onAdd={onAdd} />;
  return (
    <Stack component="ul" gap="xs" p={0} m={0} aria-label="Webhook endpoints">
      {endpoints.data.items.map((endpoint) => (
        <EndpointCard key={endpoint.id} endpoint={endpoint} />
      ))}
    </Stack>
  );
}

function Empty({ onAdd }: { onAdd: () => void }) {
  return (
    <Notice
      icon={<IconWebhook size={44} stroke={1.4} aria-hidden />}
      title="No endpoints yet"
      text="Give the address of a system that takes webhooks; it hears of everything from then on."
    >
      <Button onClick={onAdd}>Add your first endpoint</Button>
    </Notice>
  );
}
