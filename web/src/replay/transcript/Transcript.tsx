import { Button, Group, NativeSelect, Text, TextInput, Title } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type CaptionOptions, captionOptionsQuery } from "../../captions/queries";
import { languageChoices } from "../../captions/settings/languages";
import { ProblemAlert } from "../../ui/ProblemAlert";
import type { TranscriptSegment, Translation } from "../queries";
import { currentSegment, scrollTopFor } from "./follow";
import { Line } from "./Line";
import { matching } from "./matching";
import classes from "./Transcript.module.css";
import { useTranslation } from "./useTranslation";

interface TranscriptProps {
  sessionId: string;
  segments: TranscriptSegment[];
  translations: Translation[];
  timeMs: number;
  onSeek: (timeMs: number) => void;
}

/** Follows playback until the reader scrolls; a click on a line plays from there, and whoever may corrects it. */
export function Transcript(props: TranscriptProps) {
  const { sessionId, translations, timeMs, onSeek } = props;
  const { language, choose, error, segments } = useTranslation(props.segments, translations);
  const { data: options } = useQuery(captionOptionsQuery({ session: sessionId }));
  const list = useRef<HTMLOListElement>(null);
  const [following, setFollowing] = useState(true);
  const [wanted, setWanted] = useState("");
  const shown = matching(segments, wanted);
  const current = currentSegment(shown, timeMs);
  useEffect(() => {
    const item = list.current?.children[current];
    if (!following || !list.current || !(item instanceof HTMLElement)) return;
    const place = { top: item.offsetTop, height: item.offsetHeight };
    list.current.scrollTo({ top: scrollTopFor(place, list.current.clientHeight) });
  }, [current, following]);
  return (
    <section aria-label="Transcript">
      <Group justify="space-between" mih={30}>
        <Title order={2} size="h5">
          Transcript
        </Title>
        {!following && (
          <Button size="compact-xs" variant="light" onClick={() => setFollowing(true)}>
            Follow playback
          </Button>
        )}
      </Group>
      {segments.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing was said in this class, or it is still being written down.
        </Text>
      )}
      {translations.length > 0 && (
        <NativeSelect
          size="xs"
          mb="xs"
          aria-label="Language of the transcript"
          data={languageChoices(
            translations.map((one) => one.language),
            "As spoken",
          )}
          value={language}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      )}
      {error && <ProblemAlert error={error} />}
      {segments.length > 0 && (
        <TextInput
          type="search"
          size="xs"
          mb="xs"
          aria-label="Search the transcript"
          placeholder="Search the transcript"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
      )}
      {segments.length > 0 && shown.length === 0 && (
        <Text size="sm" c="dimmed" role="status">
          Nobody said that.
        </Text>
      )}
      <ol
        ref={list}
        className={classes.list}
        onWheel={() => setFollowing(false)}
        onTouchMove={() => setFollowing(false)}
      >
        {shown.map((segment, index) => (
          <Line
            key={segment.id}
            sessionId={sessionId}
            segment={segment}
            mayCorrect={!language && options !== undefined && mayCorrect(options, segment)}
            spokenMs={index === current ? timeMs : null}
            onSeek={onSeek}
          />
        ))}
      </ol>
    </section>
  );
}

/** Staff every line; where the class lets them, speakers their own. */
const mayCorrect = (options: CaptionOptions, { participantId }: TranscriptSegment): boolean =>
  options.mayCorrect ||
  (options.settings.correctors === "speakers" && participantId === options.participantId);
