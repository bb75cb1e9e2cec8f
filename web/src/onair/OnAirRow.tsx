import { ActionIcon, Badge, Button, Group, Text, Tooltip } from "@mantine/core";
import { IconRefresh, IconX } from "@tabler/icons-react";
import { Readiness } from "../destinations/choosing/Readiness";
import type { SessionDestination } from "../destinations/queries";
import { ON_AIR, STATUS_FACES, statusLine } from "../destinations/status/status";
import classes from "./OnAir.module.css";
import { PlatformWord } from "./PlatformWord";
import { type Sample, SHOWN_MINUTES } from "./queries";
import { numbersLine } from "./timeline/numbers";
import { Sparkline } from "./timeline/Sparkline";

interface OnAirRowProps {
  state: SessionDestination;
  samples: readonly Sample[];
  busy: boolean;
  onRetry: () => void;
  onRemove: () => void;
}

/** One destination of the class: its state, its numbers and what can be done about it. */
export function OnAirRow({ state, samples, busy, onRetry, onRemove }: OnAirRowProps) {
  const face = STATUS_FACES[state.status];
  const line = statusLine(state, new Date());
  const waits = state.status === "retrying" || state.status === "failed";
  return (
    <section aria-label={state.name} className={classes.row ?? ""}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text fw={500} className={classes.name ?? ""}>
          {state.name}
        </Text>
        <Group gap={6} wrap="nowrap" flex="none">
          <Badge color={face.color} variant="light">
            {face.label}
          </Badge>
          <Tooltip label="Take off the air">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Take ${state.name} off the air`}
              disabled={busy}
              onClick={onRemove}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      {state.stats && (
        <Text size="xs" mt={4}>
          {numbersLine(state.stats, samples, state.reconnects)}
        </Text>
      )}
      {samples.length > 1 && (
        <Sparkline
          samples={samples}
          until={new Date()}
          label={`Bitrate of the last ${SHOWN_MINUTES} minutes`}
        />
      )}
      {state.platform && <PlatformWord type={state.type} said={state.platform} />}
      {line && (
        <Text size="xs" c="dimmed" mt={4}>
          {line}
        </Text>
      )}
      {!ON_AIR.has(state.status) && <Readiness notes={state.readiness} />}
      {waits && (
        <Button
          mt="xs"
          size="compact-sm"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          disabled={busy}
          onClick={onRetry}
        >
          Retry now
        </Button>
      )}
    </section>
  );
}
