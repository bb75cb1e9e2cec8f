import { ActionIcon, Card, Code, Group, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useCommand } from "../api/useCommand";
import { describe } from "../auth/roles";
import { useCourseTitle } from "../courses/useCourseTitle";
import { ConfirmButton } from "../ui/ConfirmButton";
import { ProblemAlert } from "../ui/ProblemAlert";
import { dayName } from "../ui/time";
import { type ApiKey, keysQuery, revokeKey } from "./queries";

const day = (at: string) => dayName(new Date(at), new Date());

export function KeyCard({ apiKey }: { apiKey: ApiKey }) {
  const queryClient = useQueryClient();
  const courseTitle = useCourseTitle();
  const revoke = useCommand(revokeKey, {
    onSuccess: () => queryClient.invalidateQueries(keysQuery),
  });
  const used = apiKey.lastUsedAt ? `last used ${day(apiKey.lastUsedAt)}` : "never used";
  const ends = apiKey.expiresAt ? ` · ends ${day(apiKey.expiresAt)}` : "";
  return (
    <Card component="li" withBorder padding="sm">
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={600}>{apiKey.name}</Text>
            <Code>{apiKey.prefix}…</Code>
          </Group>
          <Text size="sm" c="dimmed">
            {apiKey.userName} as {describe(apiKey.grant, courseTitle)} · {used}
            {ends}
          </Text>
        </div>
        <ConfirmButton
          question={`Revoke ${apiKey.name}?`}
          explanation="The program that uses this key is refused from now on. This cannot be undone."
          confirmLabel="Revoke"
          onConfirm={() => revoke.mutate(apiKey.id)}
          button={(open) => (
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={`Revoke ${apiKey.name}`}
              loading={revoke.isPending}
              onClick={open}
            >
              <IconTrash size={18} />
            </ActionIcon>
          )}
        />
      </Group>
      {revoke.error && <ProblemAlert title="The key was not revoked" error={revoke.error} />}
    </Card>
  );
}
