import type { TranscriptSegment } from "../queries";

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The lines in which somebody says all of these words, or who is named so; all lines for no words. */
export function matching(segments: TranscriptSegment[], wanted: string): TranscriptSegment[] {
  const words = plain(wanted).split(/\s+/).filter(Boolean);
  if (words.length === 0) return segments;
  return segments.filter(({ speaker, text }) => {
    const said = plain(`${speaker} ${text}`);
    return words.every((word) => said.includes(word));
  });
}
