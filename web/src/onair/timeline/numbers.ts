import type { SessionDestination } from "../../destinations/queries";
import { counted } from "../../ui/counted";
import { type Sample, SHOWN_MINUTES, type Timeline } from "../queries";

/** "3.1 Mb/s" or "820 kb/s" */
export const bitrate = (bps: number): string =>
  bps >= 1_000_000 ? `${(bps / 1_000_000).toFixed(1)} Mb/s` : `${Math.round(bps / 1000)} kb/s`;

/** "3.1 Mb/s · 30 fps", and what is not as it should be. */
export function numbersLine(now: Sample, shown: readonly Sample[], reconnects: number): string {
  const dropped = shown.reduce((sum, sample) => sum + sample.droppedFrames, 0);
  return [
    bitrate(now.bitrateBps),
    `${Math.round(now.fps)} fps`,
    now.queuedBytes > 100_000 && `${Math.round(now.queuedBytes / 1000)} kB waiting`,
    dropped > 0 && `${counted(dropped, "picture", "pictures")} dropped`,
    reconnects > 0 && counted(reconnects, "reconnect", "reconnects"),
  ]
    .filter(Boolean)
    .join(" · ");
}

export type Lines = ReadonlyMap<string, readonly Sample[]>;

export const linesOf = (timelines: readonly Timeline[]): Lines =>
  new Map(timelines.map(({ destinationId, samples }) => [destinationId, samples]));

/** The lines with what the destinations say now, without what is too old to be drawn. */
export function grown(lines: Lines, told: readonly SessionDestination[], now: Date): Lines {
  const oldest = now.getTime() - SHOWN_MINUTES * 60_000;
  return new Map(
    told.map(({ destinationId, stats }) => {
      const known = (lines.get(destinationId) ?? []).filter(({ at }) => Date.parse(at) > oldest);
      const last = known.at(-1);
      const isNew = stats && (!last || Date.parse(stats.at) > Date.parse(last.at));
      return [destinationId, isNew ? [...known, stats] : known];
    }),
  );
}

/** Longer than this without a measurement is a gap: it was off the air. Measurements of a minute come as seldom. */
const gapMs = ({ spanS }: Sample): number => Math.max(10_000, spanS * 2_500);

const LEAST_WIDTH_MS = 30_000;

/** SVG paths in a box of 100 by 24, oldest at the left, now at the right; one path for each time on air. */
export function paths(samples: readonly Sample[], now: Date): string[] {
  const first = Date.parse(samples[0]?.at ?? "");
  const widthMs = Math.max(LEAST_WIDTH_MS, now.getTime() - first);
  const top = Math.max(1, ...samples.map((sample) => sample.bitrateBps));
  const drawn: string[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const sample of samples) {
    const { at, bitrateBps } = sample;
    const ms = Date.parse(at);
    const x = 100 - ((now.getTime() - ms) / widthMs) * 100;
    const y = 23 - (bitrateBps / top) * 22;
    if (ms - before > gapMs(sample)) drawn.push([]);
    drawn.at(-1)?.push(`${Math.max(0, x).toFixed(1)},${y.toFixed(1)}`);
    before = ms;
  }
  return drawn.map((points) => `M${points.join(" L")}`);
}
