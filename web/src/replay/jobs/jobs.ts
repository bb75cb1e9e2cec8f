import type { Schemas } from "../../api/client";

export type JobState = Schemas["ArtifactJob"]["state"];

export const STATES: Record<JobState, { color: string; label: string }> = {
  queued: { color: "gray", label: "waiting" },
  running: { color: "yellow", label: "in work" },
  done: { color: "lectern", label: "done" },
  failed: { color: "red", label: "failed" },
  parked: { color: "red", label: "set aside" },
};

const isOpen = (state: JobState): boolean => state === "queued" || state === "running";

export const anyOpen = (jobs: readonly { state: JobState }[]): boolean =>
  jobs.some(({ state }) => isOpen(state));

/** What may be asked of a job; the server decides, this only hides buttons. */
export const canRetry = (state: JobState): boolean => state !== "running";
export const canCancel = isOpen;
