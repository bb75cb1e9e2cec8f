import { Badge, Button, Drawer, ScrollArea, Stack, Table, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCommand } from "../api/useCommand";
import { ProblemAlert } from "../ui/ProblemAlert";
import { attemptsQuery, replayEvents, type WebhookAttempt } from "./queries";

interface AttemptsProps {
  id: string;
  title: string;
  opened: boolean;
  onClose: () => void;
}

export function Attempts({ id, title, opened, onClose }: AttemptsProps) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="xl"
      title={`Deliveries to ${title}`}
    >
      <AttemptList id={id} />
    </Drawer>
  );
}

function AttemptList({ id }: { id: string }) {
  const queryClient = useQueryClient();
  const attempts = useQuery(attemptsQuery(id));
  const replay = useCommand(replayEvents, {
    onSuccess: () => queryClient.invalidateQueries(attemptsQuery(id)),
  });
  if (!attempts.data) return <ProblemAlert error={attempts.error} />;
  if (attempts.data.items.length === 0) {
    return <Text c="dimmed">Nothing was sent in the last seven days.</Text>;
  }
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Newest first. Sending again starts at that event and goes on in order; each keeps its id.
      </Text>
      {replay.error && <ProblemAlert title="It was not sent again" error={replay.error} />}
      <ScrollArea>
        <Table aria-label="Deliveries" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Event</Table.Th>
              <Table.Th>Answer</Table.Th>
              <Table.Th>When</Table.Th>
              <Table.Th aria-label="Actions" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {attempts.data.items.map((attempt) => (
              <Row
                key={attempt.id}
                attempt={attempt}
                pending={replay.isPending}
                onReplay={({ sessionId, sequence }) =>
                  replay.mutate({ id, sessionId, afterSequence: sequence - 1 })
                }
              />
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </Stack>
  );
}

interface RowProps {
  attempt: WebhookAttempt;
  pending: boolean;
  onReplay: (attempt: WebhookAttempt) => void;
}

function Row({ attempt, pending, onReplay }: RowProps) {
  const { status, error } = attempt;
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm">{attempt.eventType}</Text>
        <Text size="xs" c="dimmed">
          #{attempt.sequence}
          {attempt.attempt > 1 && ` · try ${attempt.attempt}`}
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge color={error ? "red" : "green"} variant="light">
          {status ?? "none"}
        </Badge>
        {error && (
          <Text size="xs" c="dimmed">
            {error}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Text size="sm">
          {new Date(attempt.createdAt).toLocaleString([], {
            dateStyle: "short",
            timeStyle: "short",
          })}
        </Text>
        <Text size="xs" c="dimmed">
          {attempt.durationMs} ms
        </Text>
      </Table.Td>
      <Table.Td>
        <Button
          size="compact-sm"
          variant="default"
          disabled={pending}
          aria-label={`Send again from event ${attempt.sequence}`}
          onClick={() => onReplay(attempt)}
        >
          Send again
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
