import { expect, test } from "vitest";
import { countdown, fitted } from "./fit";

test.each([
  [{ width: 1_600, height: 900 }, 16 / 9, { width: 1_600, height: 900 }],
  [{ width: 1_600, height: 400 }, 2, { width: 800, height: 400 }],
  [{ width: 300, height: 900 }, 2, { width: 300, height: 150 }],
  [{ width: 0, height: 0 }, 1, { width: 0, height: 0 }],
])("in %j the largest box of shape %s is %j", (box, aspect, expected) => {
  expect(fitted(box, aspect)).toEqual(expected);
});

test.each([
  [1, "00:01"],
  [1_000, "00:01"],
  [65_000, "01:05"],
  [3_600_000, "1:00:00"],
  [0, null],
  [-5, null],
  [Number.NaN, null],
])("%s ms before its time a countdown says %s", (left, text) => {
  expect(countdown(1_000_000 + left, 1_000_000)).toBe(text);
});
