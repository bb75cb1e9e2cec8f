import { expect, test } from "vitest";
import { waitMs } from "./backoff";

test.each([
  [0, 1_000],
  [1, 2_000],
  [3, 8_000],
  [4, 15_000],
  [60, 15_000],
])("before try %i it waits about %i ms", (tries, about) => {
  expect(waitMs(tries, () => 0.5)).toBe(about);
  expect(waitMs(tries, () => 0)).toBe(about * 0.75);
});
