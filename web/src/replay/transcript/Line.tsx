import { ActionIcon } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { memo, useState } from "react";
import { Composer } from "../../audience/writing/Composer";
import { correctCaption } from "../../captions/queries";
import { clockTime } from "../../ui/time";
import { replayQuery, type TranscriptSegment } from "../queries";
import classes from "./Transcript.module.css";

interface LineProps {
  sessionId: string;
  segment: TranscriptSegment;
  /** The time being played while this is the current line, else null. */
  spokenMs: number | null;
  mayCorrect: boolean;
  onSeek: (timeMs: number) => void;
}

/** A correction shows at once; the transcript with all that is made of it follows in a few seconds. */
export const Line = memo(function Line(props: LineProps) {
  const { sessionId, segment, spokenMs, mayCorrect, onSeek } = props;
  const queries = useQueryClient();
  const [correcting, setCorrecting] = useState(false);
  const [corrected, setCorrected] = useState<string | null>(null);
  const text = corrected ?? segment.text;
  const current = spokenMs === null ? undefined : "true";
  if (correcting) {
    return (
      <li className={classes.correcting}>
        <Composer
          label="What was said"
          placeholder=""
          sendLabel="Save correction"
          target={segment.id}
          initial={text}
          send={async ({ id, content }, key) => {
            const cue = await correctCaption(sessionId, { segmentId: id, text: content }, key);
            setCorrected(cue.text);
            await queries.invalidateQueries(replayQuery(sessionId));
          }}
          onSent={() => setCorrecting(false)}
          onCancel={() => setCorrecting(false)}
        />
      </li>
    );
  }
  return (
    <li className={classes.item} aria-current={current}>
      <button type="button" className={classes.line} onClick={() => onSeek(segment.startMs)}>
        <span className={classes.meta}>
          <b>{segment.speaker}</b> {clockTime(segment.startMs)}
        </span>
        {corrected === null ? <Words segment={segment} spokenMs={spokenMs} /> : text}
      </button>
      {mayCorrect && (
        <ActionIcon
          className={classes.correct ?? ""}
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={`Correct “${text}”`}
          onClick={() => setCorrecting(true)}
        >
          <IconPencil size={14} aria-hidden />
        </ActionIcon>
      )}
    </li>
  );
});

function Words({ segment, spokenMs }: Pick<LineProps, "segment" | "spokenMs">) {
  if (spokenMs === null || segment.words.length === 0) return <span>{segment.text}</span>;
  return (
    <span>
      {segment.words.map((word) => (
        <span key={word.startMs} className={classes.word} data-spoken={word.startMs <= spokenMs}>
          {word.text.trim()}{" "}
        </span>
      ))}
    </span>
  );
}
