import { ActionIcon, Group, Stack, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { useCommand } from "../../api/useCommand";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { MorePages } from "../../ui/paging/MorePages";
import { pagesOf } from "../../ui/paging/pages";
import { timeOfDay } from "../../ui/time";
import { deleteChat } from "../commands";
import { historyQuery } from "../queries";

type Message = Schemas["ChatMessage"];

/** What was written in a class, for who keeps it in order afterwards. */
export function ChatHistory({ sessionId }: { sessionId: string }) {
  const query = useInfiniteQuery(historyQuery(sessionId));
  const messages = (query.data?.pages ?? []).flatMap(({ items }) => items);
  if (query.data && messages.length === 0) return <Text c="dimmed">Nothing was written.</Text>;
  return (
    <Stack gap="sm">
      <Stack component="ol" gap="sm" p={0} m={0} aria-label="Messages">
        {messages.map((message) => (
          <Line key={message.id} message={message} />
        ))}
      </Stack>
      <MorePages pages={pagesOf(query)} label="More messages" />
    </Stack>
  );
}

function Line({ message }: { message: Message }) {
  const queryClient = useQueryClient();
  const remove = useCommand(deleteChat, {
    onSuccess: () => queryClient.invalidateQueries(historyQuery(message.sessionId)),
  });
  return (
    <Group component="li" justify="space-between" align="start" wrap="nowrap">
      <div>
        <Text size="xs" c="dimmed">
          <b>{message.name}</b> {timeOfDay(new Date(message.createdAt))}
          {message.editedAt && " · edited"}
        </Text>
        <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {message.content}
        </Text>
        {remove.error && <ProblemAlert title="Not deleted" error={remove.error} />}
      </div>
      <ConfirmButton
        question="Delete this message?"
        explanation="Nobody reads it any more, also in the replay. This cannot be undone."
        confirmLabel="Delete"
        onConfirm={() => remove.mutate(message.id)}
        button={(open) => (
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={`Delete the message of ${message.name}: ${message.content}`}
            loading={remove.isPending}
            onClick={open}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        )}
      />
    </Group>
  );
}
