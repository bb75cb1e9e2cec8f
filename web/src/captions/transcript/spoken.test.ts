import { expect, test } from "vitest";
import type { StoredEvent } from "../../sessions/events/eventFeed";
import { type Cue, inOrder, spokenAfter } from "./spoken";

const log = (...payloads: StoredEvent["payload"][]): StoredEvent[] =>
  payloads.map((payload, index) => ({
    id: `event-${index}`,
    sessionId: "s",
    sequence: index + 1,
    createdAt: "2026-01-01T10:00:00Z",
    payload,
  }));

const said = (
  segmentId: string,
  startUnixMs: number,
  text = segmentId,
): StoredEvent["payload"] => ({
  type: "caption.finalized",
  segmentId,
  participantId: "ada",
  trackSid: "TR_1",
  startUnixMs,
  endUnixMs: startUnixMs + 1_000,
  text,
  language: "en",
  words: [],
});
const mended = (segmentId: string, text: string): StoredEvent["payload"] => ({
  type: "caption.corrected",
  segmentId,
  participantId: "ada",
  text,
  correctedBy: "u",
});

const spoken = (...payloads: StoredEvent["payload"][]) =>
  inOrder(spokenAfter([], log(...payloads), true));
const texts = (cues: readonly Cue[]) => cues.map(({ text }) => text);

test("what was said is in the order it was said, not reported", () => {
  expect(texts(spoken(said("b", 2_000), said("a", 1_000)))).toEqual(["a", "b"]);
});

test("a correction replaces the words, and the original stays", () => {
  const [cue] = spoken(said("a", 1), mended("a", "b"), mended("a", "c"));
  expect(cue).toMatchObject({ text: "c", original: "a" });
});

test("what a redacted speaker said is gone", () => {
  const gone = { type: "captions.redacted", participantId: "ada", redactedBy: "t" } as const;
  expect(spoken(said("a", 1), said("b", 2, ""), gone)).toEqual([]);
  expect(spoken(said("a", 1), said("b", 2, ""))).toHaveLength(1);
});

test("an older page takes corrections, and nothing new", () => {
  const page = spoken(said("a", 1));
  expect(texts(spokenAfter(page, log(said("b", 2), mended("a", "c")), false))).toEqual(["c"]);
});
