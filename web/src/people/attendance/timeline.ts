import type { Attendance, Attendee } from "./queries";

/** The time that the plot shows, in Unix ms: from the first to the last moment of anybody. */
export interface Span {
  startMs: number;
  endMs: number;
}

/** A part of the plot's width, in per cent. */
export interface Bar {
  left: number;
  width: number;
}

/** Null when nobody was there. */
export function spanOf({ startedAt, endedAt, items }: Attendance): Span | null {
  const stays = items.flatMap((one) => one.stays);
  const moments = [startedAt, endedAt, ...stays.flatMap(({ start, end }) => [start, end])]
    .filter((one) => one !== null)
    .map(Date.parse);
  if (stays.length === 0) return null;
  const startMs = Math.min(...moments);
  return { startMs, endMs: Math.max(...moments, startMs + 1) };
}

export function barsOf(person: Attendee, { startMs, endMs }: Span): Bar[] {
  const percent = (ms: number) => (100 * ms) / (endMs - startMs);
  return person.stays.map(({ start, end }) => ({
    left: percent(Date.parse(start) - startMs),
    width: percent(Date.parse(end) - Date.parse(start)),
  }));
}

/** "12 min", "1 h 05 min", "40 s". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
