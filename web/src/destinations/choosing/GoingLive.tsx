import { Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconBroadcast } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { sessionDestinationsQuery } from "../queries";
import { Readiness } from "./Readiness";

/** Where a class will be streamed to, and what stands in the way, before it is started. */
export function GoingLive({ sessionId }: { sessionId: string }) {
  const chosen = useQuery(sessionDestinationsQuery(sessionId));
  if (!chosen.data || chosen.data.length === 0) return null;
  return (
    <Card withBorder component="section" aria-label="Streams to">
      <Stack gap="sm">
        <Title order={2} size="h5">
          Streams to
        </Title>
        {chosen.data.map(({ destinationId, name, readiness }) => (
          <div key={destinationId}>
            <Group gap={6} wrap="nowrap">
              <IconBroadcast size={18} stroke={1.5} style={{ flexShrink: 0 }} aria-hidden />
              <Text size="sm" fw={500} truncate>
                {name}
              </Text>
              {readiness.length === 0 && (
                <Text size="sm" c="dimmed">
                  ready
                </Text>
              )}
            </Group>
            <Readiness notes={readiness} />
          </div>
        ))}
      </Stack>
    </Card>
  );
}
