import type { Replay } from "../queries";

/** One stretch of the programme; there are several when recording had to start anew. */
export interface Part {
  id: string;
  /** Where it begins on the replay's clock, which starts with the first part. */
  startMs: number;
  durationMs: number;
}

type Recording = Replay["recordings"][number];

export function programmeParts(recordings: readonly Recording[]): Part[] {
  const programmes = recordings
    .filter((recording) => recording.kind === "programme")
    .sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
  const originMs = originOf(recordings);
  return programmes.map(({ id, startedAt, durationMs }) => ({
    id,
    startMs: Date.parse(startedAt) - originMs,
    durationMs,
  }));
}

/** Where the replay's clock starts, in Unix milliseconds; without a programme nothing moves it, and it stands at the end. */
export function originOf(recordings: readonly Recording[]): number {
  const starts = recordings
    .filter(({ kind }) => kind === "programme")
    .map(({ startedAt }) => Date.parse(startedAt));
  return starts.length > 0 ? Math.min(...starts) : Number.POSITIVE_INFINITY;
}

/** Which part holds the replay's `timeMs`; in a gap between two, the start of the later one. */
export function locate(
  parts: readonly Part[],
  timeMs: number,
): { index: number; offsetMs: number } {
  const found = parts.findIndex((part) => timeMs < part.startMs + part.durationMs);
  const index = found === -1 ? parts.length - 1 : found;
  return { index, offsetMs: Math.max(0, timeMs - (parts[index]?.startMs ?? 0)) };
}

/** The second that a link asks for, in ms of the replay's clock; 0 for none or nonsense. */
export function startOf(search: URLSearchParams): number {
  const asked = Number(search.get("t"));
  return Number.isFinite(asked) && asked > 0 ? asked : 0;
}
