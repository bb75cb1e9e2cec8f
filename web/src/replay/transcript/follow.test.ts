import { expect, test } from "vitest";
import { currentSegment, scrollTopFor } from "./follow";

const segments = [{ startMs: 1_000 }, { startMs: 4_000 }, { startMs: 4_000 }, { startMs: 9_000 }];

test.each([
  [0, -1],
  [999, -1],
  [1_000, 0],
  [3_999, 0],
  [4_000, 2],
  [8_999, 2],
  [60_000, 3],
])("at %i ms the current segment is %i", (timeMs, index) => {
  expect(currentSegment(segments, timeMs)).toBe(index);
});

test("an empty transcript has no current segment", () => {
  expect(currentSegment([], 5_000)).toBe(-1);
});

test("the current line stands in the upper third, never above the top", () => {
  expect(scrollTopFor({ top: 900, height: 60 }, 660)).toBe(700);
  expect(scrollTopFor({ top: 50, height: 60 }, 660)).toBe(0);
  expect(scrollTopFor({ top: 900, height: 800 }, 660)).toBe(900);
});
