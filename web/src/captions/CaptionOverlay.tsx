import { VisuallyHidden } from "@mantine/core";
import { useMemo } from "react";
import type { StoredEvent } from "../sessions/events/eventFeed";
import classes from "./CaptionOverlay.module.css";
import { withCorrections } from "./captionLines";
import { useCaptions } from "./useCaptions";

interface OverlayProps {
  events: readonly StoredEvent[];
  nameOf: (identity: string) => string;
}

/** What is being said, over the stage: final words white, words that may still change grey. */
export function CaptionOverlay({ events, nameOf }: OverlayProps) {
  const { blocks, lastFinal } = useCaptions();
  const corrected = useMemo(() => corrections(events), [events]);
  return (
    <section aria-label="Live captions" className={classes.overlay}>
      {withCorrections(blocks, corrected).map(({ identity, captions }) => (
        <p key={captions[0]?.segmentId} className={classes.block} data-speaker={identity}>
          <b className={classes.speaker}>{nameOf(identity)}</b>
          <span className={classes.words}>
            <span>
              {captions.map(({ segmentId, text, final }) => (
                <span key={segmentId} className={classes.text} data-final={final}>
                  {text}{" "}
                </span>
              ))}
            </span>
          </span>
        </p>
      ))}
      <VisuallyHidden aria-live="polite">
        {lastFinal && `${nameOf(lastFinal.identity)}: ${lastFinal.text}`}
      </VisuallyHidden>
    </section>
  );
}

const corrections = (events: readonly StoredEvent[]): Map<string, string> =>
  new Map(
    events.flatMap(({ payload }): [string, string][] =>
      payload.type === "caption.corrected" ? [[payload.segmentId, payload.text]] : [],
    ),
  );
