import { Anchor, Group, Progress, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { RedactSpeaker } from "../../captions/transcript/RedactSpeaker";
import { counted } from "../../ui/counted";
import { clockTime } from "../../ui/time";
import { type Replay, replayQuery } from "../queries";
import { recordingsOf } from "./speaking";

type Statistics = NonNullable<Replay["statistics"]>;

interface SpeakersProps {
  sessionId: string;
  statistics: Statistics;
  /** Those of the speakers are there for staff only. */
  recordings: Replay["recordings"];
}

/** Who spoke how much; staff may take each voice with them, and what it said out of the class. */
export function Speakers({ sessionId, statistics, recordings }: SpeakersProps) {
  return (
    <Stack gap="sm">
      <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: "none" }}>
        {statistics.speakers.map((speaker) => (
          <li key={speaker.participantId}>
            <Speaker
              sessionId={sessionId}
              speaker={speaker}
              recordings={recordingsOf(recordings, speaker.participantId)}
            />
          </li>
        ))}
      </Stack>
      <Text size="xs" c="dimmed">
        {clockTime(statistics.silenceMs)} of silence, {clockTime(statistics.overlapMs)} in which
        more than one spoke.
      </Text>
    </Stack>
  );
}

interface SpeakerProps {
  sessionId: string;
  speaker: Statistics["speakers"][number];
  recordings: Replay["recordings"];
}

function Speaker({ sessionId, speaker, recordings }: SpeakerProps) {
  const queries = useQueryClient();
  const percent = Math.round(speaker.share * 100);
  return (
    <>
      <Group justify="space-between" gap={4}>
        <Group gap={4}>
          <Text size="sm" fw={550}>
            {speaker.speaker}
          </Text>
          <RedactSpeaker
            sessionId={sessionId}
            participantId={speaker.participantId}
            name={speaker.speaker}
            onDone={() => queries.invalidateQueries(replayQuery(sessionId))}
          />
        </Group>
        <Text size="xs" c="dimmed">
          {clockTime(speaker.spokenMs)} · {percent} %
        </Text>
      </Group>
      <Progress value={percent} my={4} aria-label={`Share of ${speaker.speaker}`} />
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          {counted(speaker.words, "word", "words")}, {speaker.wordsPerMinute} a minute,{" "}
          {counted(speaker.turns, "turn", "turns")},{" "}
          {counted(speaker.questions, "question", "questions")}
        </Text>
        {recordings.map(({ id, url }, index) => (
          <Anchor key={id} href={url} download size="xs">
            <Group gap={2} component="span">
              <IconDownload size={12} aria-hidden />
              Voice {recordings.length > 1 ? index + 1 : ""}
            </Group>
          </Anchor>
        ))}
      </Group>
    </>
  );
}
