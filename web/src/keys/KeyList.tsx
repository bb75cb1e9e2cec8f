import { Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { ProblemAlert } from "../ui/ProblemAlert";
import { AddKey } from "./AddKey";
import { KeyCard } from "./KeyCard";
import { keysQuery } from "./queries";

/** Everybody's keys, as far as the server shows them, or one person's. */
export function KeyList({ ownerId }: { ownerId?: string }) {
  const [adding, { open, close }] = useDisclosure(false);
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <div>
          <Title order={ownerId ? 2 : 1} size={ownerId ? "h4" : "h2"}>
            API keys
          </Title>
          <Text c="dimmed" size="sm">
            Programs sign in with a key, in the name of the person who made it.
          </Text>
        </div>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={open}>
          New key
        </Button>
      </Group>
      <Keys ownerId={ownerId} />
      <AddKey opened={adding} onClose={close} />
    </Stack>
  );
}

function Keys({ ownerId }: { ownerId: string | undefined }) {
  const keys = useQuery(keysQuery);
  if (keys.isPending) return <Skeleton height={70} role="status" aria-label="Loading keys" />;
  if (!keys.data) return <ProblemAlert error={keys.error} onRetry={() => void keys.refetch()} />;
  const shown = keys.data.items.filter((key) => !ownerId || key.userId === ownerId);
  if (shown.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        There are no keys.
      </Text>
    );
  }
  return (
    <Stack component="ul" gap="xs" p={0} m={0} aria-label="API keys">
      {shown.map((key) => (
        <KeyCard key={key.id} apiKey={key} />
      ))}
    </Stack>
  );
}
