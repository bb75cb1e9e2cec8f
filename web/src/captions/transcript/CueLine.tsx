import { ActionIcon, Group, Text } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { type Ref, useState } from "react";
import { Composer } from "../../audience/writing/Composer";
import { correctCaption } from "../queries";
import { RedactSpeaker } from "./RedactSpeaker";
import type { Cue } from "./spoken";
import classes from "./TranscriptSoFar.module.css";

interface CueLineProps {
  ref: Ref<HTMLLIElement>;
  sessionId: string;
  cue: Cue;
  speaker: string;
  time: string;
  mayCorrect: boolean;
  /** Shows it among its neighbours; only a search's hits have it. */
  onJump: (() => void) | null;
}

export function CueLine({ ref, sessionId, cue, speaker, time, mayCorrect, onJump }: CueLineProps) {
  const [correcting, setCorrecting] = useState(false);
  return (
    <li ref={ref}>
      <Group justify="space-between" wrap="nowrap" gap="xs" mih={22}>
        <Text size="xs" c="dimmed" truncate>
          <b>{speaker}</b> {time}
          {cue.original !== null && <span title={`Heard: ${cue.original}`}> · corrected</span>}
        </Text>
        {mayCorrect && !correcting && (
          <Group gap={2} wrap="nowrap">
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={`Correct “${cue.text}”`}
              onClick={() => setCorrecting(true)}
            >
              <IconPencil size={14} aria-hidden />
            </ActionIcon>
            <RedactSpeaker sessionId={sessionId} participantId={cue.participantId} name={speaker} />
          </Group>
        )}
      </Group>
      {correcting ? (
        <Composer
          label="What was said"
          placeholder=""
          sendLabel="Save correction"
          target={cue.segmentId}
          initial={cue.text}
          send={({ id, content }, key) =>
            correctCaption(sessionId, { segmentId: id, text: content }, key)
          }
          onSent={() => setCorrecting(false)}
          onCancel={() => setCorrecting(false)}
        />
      ) : onJump ? (
        <button type="button" className={classes.hit} onClick={onJump}>
          {cue.text}
        </button>
      ) : (
        <Text size="sm">{cue.text}</Text>
      )}
    </li>
  );
}
