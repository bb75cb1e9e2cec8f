/** Tries to mend the decoder, counted since playback last got on. */
export interface Mending {
  tries: number;
  /** Where on the video's clock the first of them was. */
  atS: number;
}

const MAX_TRIES = 2;
/** Played or jumped over this much since the first try, the next error is another one: hls.js buffers about so far ahead of a damaged segment. */
const ELSEWHERE_S = 15;

/** The next try at mending a media error met at `atS`; null when trying on would only go round in circles. */
export function mendedAgain(before: Mending | null, atS: number): Mending | null {
  if (!before || Math.abs(atS - before.atS) >= ELSEWHERE_S) return { tries: 1, atS };
  if (before.tries >= MAX_TRIES) return null;
  return { ...before, tries: before.tries + 1 };
}
