import { bitrate, paths } from "./numbers";
import classes from "./OnAir.module.css";
import { type Sample, SHOWN_MINUTES } from "./queries";

/** The bitrate of the last minutes as a small curve, for the eye; the numbers stand beside it. */
export function Sparkline({ samples }: { samples: readonly Sample[] }) {
  const top = Math.max(0, ...samples.map((sample) => sample.bitrateBps));
  const bad = samples.at(-1)?.trouble;
  return (
    <svg
      className={classes.curve}
      data-bad={Boolean(bad)}
      viewBox="0 0 100 24"
      preserveAspectRatio="none"
      role="img"
      aria-label={`Bitrate of the last ${SHOWN_MINUTES} minutes, at most ${bitrate(top)}`}
    >
      {paths(samples, new Date()).map((path) => (
        <path key={path} d={path} vectorEffect="non-scaling-stroke" />
      ))}
    </svg>
  );
}
