import { Button, Card, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "../api/client";
import { isAdmin, useUser } from "../auth/user";
import { Notice } from "../ui/Notice";
import { ProblemAlert } from "../ui/ProblemAlert";
import { dayName, timeOfDay } from "../ui/time";
import { detailsOf, sentenceOf } from "./sentences";

const auditQuery = infiniteQueryOptions({
  queryKey: ["audit"],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET("/api/audit", {
        params: { query: pageParam ? { before: pageParam } : {} },
        signal,
      }),
    ),
  getNextPageParam: (page) => page.nextCursor ?? undefined,
});

export function Component() {
  if (!isAdmin(useUser())) {
    return <Notice title="The audit log is for administrators" text="Ask an administrator." />;
  }
  return (
    <Stack gap="lg">
      <div>
        <Title order={1} size="h2">
          Audit log
        </Title>
        <Text c="dimmed" size="sm">
          Who signed in, and who changed what about people, roles and keys. Nobody can change it.
        </Text>
      </div>
      <Entries />
    </Stack>
  );
}

function Entries() {
  const log = useInfiniteQuery(auditQuery);
  if (log.isPending) return <Skeleton height={160} role="status" aria-label="Loading entries" />;
  if (!log.data) return <ProblemAlert error={log.error} onRetry={() => void log.refetch()} />;
  return (
    <Stack gap="xs">
      <Stack component="ol" gap={4} p={0} m={0} aria-label="Entries, newest first">
        {log.data.pages.flatMap((page) =>
          page.items.map((entry) => <Entry key={entry.id} entry={entry} />),
        )}
      </Stack>
      {log.hasNextPage && (
        <Button
          variant="default"
          loading={log.isFetchingNextPage}
          onClick={() => void log.fetchNextPage()}
        >
          Earlier entries
        </Button>
      )}
    </Stack>
  );
}

function Entry({ entry }: { entry: Schemas["AuditEntry"] }) {
  const at = new Date(entry.at);
  return (
    <Card component="li" withBorder padding="xs">
      <Group justify="space-between" gap={4}>
        <Text size="sm" fw={550}>
          {sentenceOf(entry)}
        </Text>
        <Text size="xs" c="dimmed" component="time" dateTime={entry.at}>
          {dayName(at, new Date())}, {timeOfDay(at)}
        </Text>
      </Group>
      <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {detailsOf(entry.details)}
      </Text>
    </Card>
  );
}
