import { Button, Group, NativeSelect, Stack, Switch, TagsInput, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import classes from "../Audience.module.css";
import { setMuted, setRules } from "../commands";
import { rulesQuery } from "../queries";
import type { Reader } from "../reader";
import type { ChatRules } from "../useAudience";

const SLOW_MODES = [0, 5, 10, 30, 60, 300];

const slowLabel = (seconds: number): string => {
  if (seconds === 0) return "Off";
  return seconds < 60 ? `${seconds} seconds` : `${seconds / 60} min`;
};

interface ChatKeepingProps {
  rules: ChatRules;
  reader: Reader;
}

/** How staff keep the chat: open or closed, slow, without certain words; and whom they muted. */
export function ChatKeeping({ rules, reader }: ChatKeepingProps) {
  const [opened, setOpened] = useState(false);
  const kept = useQuery({ ...rulesQuery(reader.sessionId), enabled: opened });
  return (
    <div className={classes.keeping}>
      <Button
        size="compact-xs"
        variant="default"
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
      >
        Chat rules
      </Button>
      <Text span size="xs" c="dimmed" ml="xs">
        {summary(rules)}
      </Text>
      {opened && kept.error && <ProblemAlert error={kept.error} />}
      {opened && kept.data && (
        <>
          <RulesForm
            kept={kept.data}
            sessionId={reader.sessionId}
            onDone={() => setOpened(false)}
          />
          <MutedPeople muted={rules.muted} reader={reader} />
        </>
      )}
    </div>
  );
}

const summary = ({ open, slowModeS, muted }: ChatRules): string =>
  [
    open ? "Open" : "Closed for students",
    ...(slowModeS ? [`slow mode ${slowLabel(slowModeS)}`] : []),
    ...(muted.length ? [`${muted.length} muted`] : []),
  ].join(" · ");

interface RulesFormProps {
  kept: Schemas["ChatRules"];
  sessionId: string;
  onDone: () => void;
}

function RulesForm({ kept, sessionId, onDone }: RulesFormProps) {
  const [open, setOpen] = useState(kept.open);
  const [slowModeS, setSlowModeS] = useState(kept.slowModeS);
  const [words, setWords] = useState(kept.words ?? []);
  const save = useCommand(setRules, { onSuccess: onDone });
  return (
    <Stack gap="sm" mt="xs">
      <Switch
        label="Students may write"
        checked={open}
        onChange={(event) => setOpen(event.currentTarget.checked)}
      />
      <NativeSelect
        label="Slow mode"
        description="Time between two messages of a student"
        size="xs"
        value={slowModeS}
        onChange={(event) => setSlowModeS(Number(event.currentTarget.value))}
        data={[...new Set([...SLOW_MODES, kept.slowModeS])].map((seconds) => ({
          value: String(seconds),
          label: slowLabel(seconds),
        }))}
      />
      <TagsInput
        label="Words that are refused"
        description="Only staff see this list. Enter adds a word."
        size="xs"
        value={words}
        onChange={setWords}
        acceptValueOnBlur
        maxTags={200}
      />
      {save.error && <ProblemAlert title="Not saved" error={save.error} />}
      <Group gap="xs">
        <Button
          size="compact-sm"
          loading={save.isPending}
          onClick={() => save.mutate({ sessionId, rules: { open, slowModeS, words } })}
        >
          Save rules
        </Button>
        <Button size="compact-sm" variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
    </Stack>
  );
}

function MutedPeople({ muted, reader }: { muted: readonly string[]; reader: Reader }) {
  const mute = useCommand(setMuted);
  if (muted.length === 0) return null;
  return (
    <Stack component="ul" gap={4} p={0} mt="sm" mb={0} aria-label="Muted people">
      {muted.map((participantId) => (
        <Group component="li" key={participantId} justify="space-between">
          <Text size="sm">{reader.nameOf(participantId)} is muted</Text>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => mute.mutate({ sessionId: reader.sessionId, participantId, on: false })}
          >
            Let write
          </Button>
        </Group>
      ))}
    </Stack>
  );
}
