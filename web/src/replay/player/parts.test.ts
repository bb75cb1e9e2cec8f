import { expect, test } from "vitest";
import { locate, programmeParts, startOf } from "./parts";

const recording = (
  id: string,
  kind: "programme" | "speaker",
  second: number,
  durationMs: number,
) => ({
  id,
  kind,
  participantId: null,
  url: "",
  mimeType: "application/vnd.apple.mpegurl",
  startedAt: `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`,
  durationMs,
});

const parts = programmeParts([
  recording("second", "programme", 30, 10_000),
  recording("voice", "speaker", 0, 60_000),
  recording("first", "programme", 5, 20_000),
]);

test("parts are the programme's recordings on one clock", () => {
  expect(parts).toEqual([
    { id: "first", startMs: 0, durationMs: 20_000 },
    { id: "second", startMs: 25_000, durationMs: 10_000 },
  ]);
});

test.each([
  [0, 0, 0],
  [19_999, 0, 19_999],
  [22_000, 1, 0],
  [26_500, 1, 1_500],
  [99_000, 1, 74_000],
])("%i ms is in part %i at %i ms", (timeMs, index, offsetMs) => {
  expect(locate(parts, timeMs)).toEqual({ index, offsetMs });
});

test.each([
  ["t=61500", 61_500],
  ["", 0],
  ["t=-5", 0],
  ["t=soon", 0],
  ["t=Infinity", 0],
])("the link %s starts the replay at %i ms", (search, ms) => {
  expect(startOf(new URLSearchParams(search))).toBe(ms);
});
