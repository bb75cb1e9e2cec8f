/** How this page learns of new events: from the room's agent, by the server's stream, or, for the moment, not at all. */
export type Way = "packets" | "stream" | "none";

/** The agent gives a sign of life every 4 s: who hears three of them fail no longer counts on it. */
export const SILENCE_MS = 12_000;

/** So long a page that has just come waits for the first sign before it opens a stream. */
export const FIRST_SIGN_MS = 5_000;

export interface Ears {
  readonly sinceMs: number;
  /** When the agent was last heard; null before the first time, and once it is known to be gone. */
  readonly heardMs: number | null;
  readonly lost: boolean;
}

export const newEars = (nowMs: number): Ears => ({ sinceMs: nowMs, heardMs: null, lost: false });

export const hears = (ears: Ears, nowMs: number): Ears => ({
  ...ears,
  heardMs: nowMs,
  lost: false,
});

/** The agent left, or the connection to the room did: no need to wait for silence. */
export const loses = (ears: Ears): Ears => ({ ...ears, heardMs: null, lost: true });

/** Whether the room can be relied on to bring what happens. */
export function packetsFlow({ sinceMs, heardMs, lost }: Ears, nowMs: number): boolean {
  if (heardMs !== null) return nowMs - heardMs < SILENCE_MS;
  return !lost && nowMs - sinceMs < FIRST_SIGN_MS;
}
