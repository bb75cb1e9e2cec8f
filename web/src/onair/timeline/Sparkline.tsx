import classes from "../OnAir.module.css";
import type { Sample } from "../queries";
import { bitrate, paths } from "./numbers";

interface SparklineProps {
  samples: readonly Sample[];
  /** Where the curve ends at the right. */
  until: Date;
  label: string;
}

/** The bitrate as a small curve, for the eye; the numbers stand beside it. */
export function Sparkline({ samples, until, label }: SparklineProps) {
  const top = Math.max(0, ...samples.map((sample) => sample.bitrateBps));
  const bad = samples.at(-1)?.trouble;
  return (
    <svg
      className={classes.curve}
      data-bad={Boolean(bad)}
      viewBox="0 0 100 24"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}, at most ${bitrate(top)}`}
    >
      {paths(samples, until).map((path) => (
        <path key={path} d={path} vectorEffect="non-scaling-stroke" />
      ))}
    </svg>
  );
}
