import { VisuallyHidden } from "@mantine/core";
import classes from "./CaptionOverlay.module.css";
import { useCaptions } from "./useCaptions";

/** What is being said, over the stage: final words white, words that may still change grey. */
export function CaptionOverlay({ nameOf }: { nameOf: (identity: string) => string }) {
  const { blocks, lastFinal } = useCaptions();
  return (
    <section aria-label="Live captions" className={classes.overlay}>
      {blocks.map(({ identity, captions }) => (
        <p key={captions[0]?.segmentId} className={classes.block} data-speaker={identity}>
          <b className={classes.speaker}>{nameOf(identity)}</b>{" "}
          {captions.map(({ segmentId, text, final }) => (
            <span key={segmentId} className={classes.text} data-final={final}>
              {text}{" "}
            </span>
          ))}
        </p>
      ))}
      <VisuallyHidden aria-live="polite">
        {lastFinal && `${nameOf(lastFinal.identity)}: ${lastFinal.text}`}
      </VisuallyHidden>
    </section>
  );
}
