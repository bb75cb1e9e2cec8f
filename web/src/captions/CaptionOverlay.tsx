import { VisuallyHidden } from "@mantine/core";
import { useMemo } from "react";
import type { StoredEvent } from "../sessions/events/eventFeed";
import classes from "./CaptionOverlay.module.css";
import { type Caption, firmAndLoose, withCorrections } from "./captionLines";
import { useCaptions } from "./useCaptions";

interface OverlayProps {
  events: readonly StoredEvent[];
  nameOf: (identity: string) => string;
}

/** What is being said, over the stage: words that stay white, words that may still change grey. */
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
              {captions.map((caption) => (
                <Words key={caption.segmentId} caption={caption} />
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

function Words({ caption }: { caption: Caption }) {
  const [firm, loose] = firmAndLoose(caption);
  return (
    <span data-final={caption.final}>
      {firm && `${firm} `}
      {loose && <span className={classes.loose}>{loose} </span>}
    </span>
  );
}

const corrections = (events: readonly StoredEvent[]): Map<string, string> =>
  new Map(
    events.flatMap(({ payload }): [string, string][] =>
      payload.type === "caption.corrected" ? [[payload.segmentId, payload.text]] : [],
    ),
  );
