import { expect, test } from "vitest";
import { secondsUntil } from "./countdown";

test.each([
  [5_000, 0, 5],
  [5_000, 1, 5],
  [5_000, 4_999, 1],
  [5_000, 5_000, 0],
  [5_000, 9_000, 0],
])("until %d at %d there are %d seconds", (until, now, left) => {
  expect(secondsUntil(until, now)).toBe(left);
});
