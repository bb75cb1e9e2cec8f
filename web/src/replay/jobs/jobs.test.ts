import { expect, test } from "vitest";
import { anyOpen, canCancel, canRetry, nextTry, waiting } from "./jobs";

test("a running job can be cancelled but not retried, one that is over the other way round", () => {
  expect([canRetry("running"), canCancel("running")]).toEqual([false, true]);
  expect([canRetry("queued"), canCancel("queued")]).toEqual([true, true]);
  for (const state of ["done", "failed", "parked"] as const) {
    expect([canRetry(state), canCancel(state)]).toEqual([true, false]);
  }
});

test("the board is looked at again while something is open", () => {
  expect(anyOpen([{ state: "done" }, { state: "queued" }])).toBe(true);
  expect(anyOpen([{ state: "done" }, { state: "parked" }])).toBe(false);
  expect(anyOpen([])).toBe(false);
});

test("a job that has not begun says what it waits for, and when somebody must help first", () => {
  expect(waiting({ waitsFor: [], blockedBy: [] })).toBe("");
  expect(waiting({ waitsFor: ["transcript", "slides"], blockedBy: [] })).toBe(
    "Waits for transcript and slides",
  );
  expect(waiting({ waitsFor: ["transcript", "summary"], blockedBy: ["chapters"] })).toBe(
    "Waits until you retry chapters",
  );
});

test("the next try is told in what is left until then", () => {
  expect([40, 89, 90, 600].map(nextTry)).toEqual([
    "Next try in 40 s",
    "Next try in 89 s",
    "Next try in 2 min",
    "Next try in 10 min",
  ]);
  expect(nextTry(0)).toBe("Is about to be tried again");
});
