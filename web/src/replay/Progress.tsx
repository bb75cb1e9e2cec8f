import { Alert, Badge, Group, Text } from "@mantine/core";
import { STATES } from "./jobs/jobs";
import type { Replay } from "./queries";

/** What is being made of the class, or what could not be. */
export function Progress({ replay }: { replay: Replay }) {
  const failed = replay.state === "failed";
  return (
    <Alert
      role="status"
      color={failed ? "red" : "gray"}
      title={failed ? "Parts of this replay could not be made" : "The replay is being made"}
    >
      {!failed && <Text size="sm">This page fills in by itself; nothing needs reloading.</Text>}
      <Group gap="xs" mt="xs">
        {replay.artifacts.map(({ kind, state }) => (
          <Badge key={kind} color={STATES[state].color} variant="light" tt="none">
            {kind}: {STATES[state].label}
          </Badge>
        ))}
      </Group>
      {replay.artifacts.map(
        ({ kind, error }) =>
          error && (
            <Text key={kind} size="xs" mt={4}>
              {kind}: {error}
            </Text>
          ),
      )}
    </Alert>
  );
}
