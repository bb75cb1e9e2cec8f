import type { TranscriptSegment } from "../queries";

/** Index of the segment that began last at `timeMs`, or -1 before the first; segments are sorted by start. */
export function currentSegment(
  segments: readonly Pick<TranscriptSegment, "startMs">[],
  timeMs: number,
): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle]?.startMs ?? Number.POSITIVE_INFINITY) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The scrollTop that brings an item to the upper third of its list. */
export function scrollTopFor(item: { top: number; height: number }, listHeight: number): number {
  return Math.max(0, item.top - Math.max(0, (listHeight - item.height) / 3));
}
