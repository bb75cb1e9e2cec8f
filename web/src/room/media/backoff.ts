const FIRST_MS = 1_000;
const CAP_MS = 15_000;

/** How long to wait before try number `tries` (from 0); spread, so that a whole class does not come at once. */
export const waitMs = (tries: number, random: () => number = Math.random): number =>
  Math.min(FIRST_MS * 2 ** tries, CAP_MS) * (0.75 + random() / 2);
