import { counted } from "../../ui/counted";
import type { Sample, Timeline } from "../queries";
import { bitrate } from "../timeline/numbers";

const WORDS: Record<NonNullable<Sample["trouble"]>, string> = {
  starved: "the server was too slow",
  drops: "pictures were dropped",
  queue: "it took the stream too slowly",
  bitrate: "too little reached it",
};

/** "41 min · 3.0 Mb/s on average · 30 fps · 2 reconnects", or null when nothing was measured. */
export function factsLine({ samples, reconnects }: Timeline): string | null {
  const seconds = samples.reduce((sum, { spanS }) => sum + spanS, 0);
  if (seconds === 0) return null;
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample) * sample.spanS, 0) / seconds;
  const dropped = samples.reduce((sum, { droppedFrames }) => sum + droppedFrames, 0);
  return [
    seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`,
    `${bitrate(mean(({ bitrateBps }) => bitrateBps))} on average`,
    `${Math.round(mean(({ fps }) => fps))} fps`,
    dropped > 0 && `${counted(dropped, "picture", "pictures")} dropped`,
    counted(reconnects, "reconnect", "reconnects"),
  ]
    .filter(Boolean)
    .join(" · ");
}

export interface Spell {
  from: Date;
  to: Date;
  what: string;
}

/** Troubles closer than this are one. */
const APART_MS = 30_000;

/** A stream that begins, or a single stall, is made up for: three bad reports are what makes a destination degraded. */
const LEAST_MS = 6_000;

/** The times in which something was wrong, oldest first. */
export function spells(samples: readonly Sample[]): Spell[] {
  const found: Spell[] = [];
  for (const { at, spanS, trouble } of samples) {
    if (!trouble) continue;
    const to = new Date(at);
    const from = new Date(to.getTime() - spanS * 1000);
    const last = found.at(-1);
    const same = last?.what === WORDS[trouble] && from.getTime() - last.to.getTime() < APART_MS;
    if (last && same) last.to = to;
    else found.push({ from, to, what: WORDS[trouble] });
  }
  return found.filter(({ from, to }) => to.getTime() - from.getTime() >= LEAST_MS);
}
