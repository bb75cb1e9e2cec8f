import type { SessionDestination } from "../queries";
import { plainReason } from "./reasons";

export const STATUS_FACES: Record<SessionDestination["status"], { color: string; label: string }> =
  {
    idle: { color: "gray", label: "Idle" },
    connecting: { color: "yellow", label: "Connecting" },
    live: { color: "lectern", label: "Live" },
    degraded: { color: "orange", label: "Degraded" },
    retrying: { color: "orange", label: "Retrying" },
    failed: { color: "red", label: "Failed" },
    ended: { color: "gray", label: "Ended" },
  };

export const ON_AIR: ReadonlySet<SessionDestination["status"]> = new Set(["live", "degraded"]);

/** "Attempt 3, next try in 12 s. Connection refused." or "" when there is nothing to add to the word. */
export function statusLine(state: SessionDestination, now: Date): string {
  const first = state.status === "retrying" ? 1 : 2;
  const tries = state.attempt >= first ? `Attempt ${state.attempt}` : "";
  const waitS = state.nextAttemptAt
    ? Math.ceil((Date.parse(state.nextAttemptAt) - now.getTime()) / 1000)
    : 0;
  const next = state.status === "retrying" && waitS > 0 ? `next try in ${waitS} s` : "";
  const head = [tries, next].filter(Boolean).join(", ");
  return [head, plainReason(state.reason ?? "")].filter(Boolean).join(" · ");
}

/** The set with one destination in or out. */
export const toggled = (ids: string[], id: string, on: boolean): string[] =>
  on ? [...ids.filter((one) => one !== id), id] : ids.filter((one) => one !== id);
