import { Alert, Badge, Group, Text } from "@mantine/core";
import { canTeach, useUser } from "../auth/user";
import { anyOpen, NAMES, STATES } from "./jobs/jobs";
import type { Replay } from "./queries";

/** What is being made of the class, or what could not be, and what one may do about it. */
export function Progress({ replay: { state, artifacts } }: { replay: Replay }) {
  const teaches = canTeach(useUser());
  const failed = state === "failed";
  const open = artifacts.filter((one) => one.state !== "done");
  return (
    <Alert
      role="status"
      color={failed ? "red" : "gray"}
      title={failed ? "Parts of this replay could not be made" : "The replay is being made"}
    >
      <Text size="sm">{failed ? remedy(teaches) : COMING}</Text>
      {failed && anyOpen(artifacts) && <Text size="sm">{COMING}</Text>}
      <Group gap="xs" mt="xs">
        {open.map((one) => (
          <Badge key={one.kind} color={STATES[one.state].color} variant="light" tt="none">
            {NAMES[one.kind]}: {STATES[one.state].label}
          </Badge>
        ))}
      </Group>
      {teaches &&
        open.map(
          ({ kind, error }) =>
            error && (
              <Text key={kind} size="xs" mt={4}>
                {NAMES[kind]}: {error}
              </Text>
            ),
        )}
    </Alert>
  );
}

const COMING = "This page fills in by itself; nothing needs reloading.";

const remedy = (teaches: boolean): string =>
  teaches
    ? "The list of artifacts below says why; retry there what is set aside."
    : "What is there can be watched and read. Your teacher can have the rest made again.";
