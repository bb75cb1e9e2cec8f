import { expect, test } from "vitest";
import type { TranscriptSegment } from "../queries";
import { translated } from "./useTranslation";

const said = (id: string): TranscriptSegment => ({
  id,
  participantId: "ada",
  speaker: "Ada",
  startMs: 0,
  endMs: 1,
  text: `What ${id} says`,
  words: [{ startMs: 0, endMs: 1, text: "What" }],
});

test("a translated line has no words with times of their own, one that nobody translated stays", () => {
  const [first, second] = translated([said("a"), said("b")], [{ segmentId: "a", text: "Was" }]);
  expect(first).toEqual({ ...said("a"), text: "Was", words: [] });
  expect(second).toEqual(said("b"));
});
