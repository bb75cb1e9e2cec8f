import type { Schemas } from "../../api/client";

type ArtifactJob = Schemas["ArtifactJob"];
export type JobState = Schemas["ArtifactJob"]["state"];

type Kind = ArtifactJob["kind"];

/** As people call what is made; `tracks`, `speech` and `document` say nothing to a teacher. */
export const NAMES: Record<Kind, string> = {
  transcript: "transcript",
  slides: "slides",
  chapters: "chapters",
  highlights: "highlights",
  tracks: "speakers' recordings",
  replay: "replay",
  search: "search",
  statistics: "who spoke how much",
  summary: "summary",
  quiz: "quiz suggestions",
  document: "Word document",
  speech: "careful transcript",
  translation: "translations",
  subtitled: "video with captions",
  sounds: "laughter and applause",
};

export const STATES: Record<JobState, { color: string; label: string }> = {
  queued: { color: "gray", label: "waiting" },
  running: { color: "yellow", label: "in work" },
  done: { color: "lectern", label: "done" },
  failed: { color: "red", label: "failed" },
  parked: { color: "red", label: "set aside" },
  offered: { color: "gray", label: "on request" },
};

const isOpen = (state: JobState): boolean => state === "queued" || state === "running";

export const anyOpen = (jobs: readonly { state: JobState }[]): boolean =>
  jobs.some(({ state }) => isOpen(state));

/** What a job that has not begun waits for, in words; empty for one that may begin. */
export function waiting(job: Pick<ArtifactJob, "waitsFor" | "blockedBy">): string {
  const { waitsFor = [], blockedBy = [] } = job;
  if (blockedBy.length) return `Waits until you retry ${listed(blockedBy)}`;
  return waitsFor.length ? `Waits for ${listed(waitsFor)}` : "";
}

/** When a job that failed is tried again by itself. */
export function nextTry(leftS: number): string {
  if (leftS === 0) return "Is about to be tried again";
  return leftS < 90 ? `Next try in ${leftS} s` : `Next try in ${Math.round(leftS / 60)} min`;
}

const listed = (kinds: readonly Kind[]): string =>
  new Intl.ListFormat("en", { type: "conjunction" }).format(kinds.map((kind) => NAMES[kind]));

/** What may be asked of a job; the server decides, this only hides buttons. */
export const canRetry = (state: JobState): boolean => state !== "running";
export const canCancel = isOpen;
