import { expect, test } from "vitest";
import type { SessionDestination } from "../queries";
import { statusLine, toggled } from "./status";

const now = new Date("2026-01-01T00:00:00Z");
const state = (part: Partial<SessionDestination>): SessionDestination => ({
  destinationId: "d",
  name: "Backup",
  type: "rtmp",
  status: "live",
  attempt: 1,
  nextAttemptAt: null,
  reason: null,
  stats: null,
  platform: null,
  changedAt: null,
  reconnects: 0,
  readiness: [],
  ...part,
});

test("a retry says which attempt, when the next comes and why", () => {
  const retrying = state({
    status: "retrying",
    attempt: 3,
    nextAttemptAt: "2026-01-01T00:00:11.2Z",
    reason: "Connection refused",
  });
  expect(statusLine(retrying, now)).toBe("Attempt 3, next try in 12 s · Connection refused");
});

test("a worker's word becomes a sentence", () => {
  const line = (reason: string) => statusLine(state({ status: "failed", reason }), now);
  expect(line("rejected: Input/output error")).toMatch(/check the stream key/);
  expect(line("The platform does not answer.")).toBe("The platform does not answer.");
});

test("a next try that is due is not counted down", () => {
  const due = state({ status: "retrying", attempt: 2, nextAttemptAt: "2025-12-31T23:59:59Z" });
  expect(statusLine(due, now)).toBe("Attempt 2");
});

test("what waits for a worker was not tried yet", () => {
  const waiting = state({ status: "retrying", attempt: 0, reason: "Every worker is busy" });
  expect(statusLine(waiting, now)).toBe("Every worker is busy");
});

test("what runs at the first attempt needs no more words", () => {
  expect(statusLine(state({}), now)).toBe("");
});

test("switching puts a destination in once, or out", () => {
  expect(toggled(["a"], "b", true)).toEqual(["a", "b"]);
  expect(toggled(["a", "b"], "b", true)).toEqual(["a", "b"]);
  expect(toggled(["a", "b"], "a", false)).toEqual(["b"]);
});
