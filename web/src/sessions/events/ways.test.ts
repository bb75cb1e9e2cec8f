import { expect, test } from "vitest";
import { FIRST_SIGN_MS, hears, loses, newEars, packetsFlow, SILENCE_MS } from "./ways";

test("a page that has just come waits for the first sign, then no longer", () => {
  const ears = newEars(1_000);
  expect(packetsFlow(ears, 1_000 + FIRST_SIGN_MS - 1)).toBe(true);
  expect(packetsFlow(ears, 1_000 + FIRST_SIGN_MS)).toBe(false);
});

test("an agent that is heard is relied on until it is silent", () => {
  const ears = hears(newEars(0), 9_000);
  expect(packetsFlow(ears, 9_000 + SILENCE_MS - 1)).toBe(true);
  expect(packetsFlow(ears, 9_000 + SILENCE_MS)).toBe(false);
});

test("an agent that left is not waited for, and one that comes back is heard again", () => {
  const gone = loses(hears(newEars(0), 1_000));
  expect(packetsFlow(gone, 1_001)).toBe(false);
  expect(packetsFlow(hears(gone, 2_000), 2_001)).toBe(true);
});
