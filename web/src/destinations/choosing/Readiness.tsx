import { Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { SessionDestination } from "../queries";

/** What stands in the way of one destination; nothing when it is ready. */
export function Readiness({ notes }: { notes: SessionDestination["readiness"] }) {
  if (notes.length === 0) return null;
  return (
    <Stack component="ul" gap={4} m={0} p={0} style={{ listStyle: "none" }}>
      {notes.map(({ code, message, blocking }) => (
        <Group component="li" key={code} gap={6} wrap="nowrap" align="flex-start">
          {blocking ? (
            <IconAlertTriangle
              size={16}
              color="var(--mantine-color-red-text)"
              style={{ flexShrink: 0, marginTop: 2 }}
              aria-label="Will not work:"
            />
          ) : (
            <IconInfoCircle
              size={16}
              color="var(--mantine-color-yellow-text)"
              style={{ flexShrink: 0, marginTop: 2 }}
              aria-label="Note:"
            />
          )}
          <Text size="sm">{message}</Text>
        </Group>
      ))}
    </Stack>
  );
}
