import { expect, test } from "vitest";
import type { Attendance, Attendee } from "./queries";
import { barsOf, duration, spanOf } from "./timeline";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString();

const person = (...stays: [number, number][]): Attendee => ({
  participantId: "p",
  userId: "u",
  name: "Bo",
  role: "student",
  guest: false,
  here: false,
  presentMs: 0,
  stays: stays.map(([start, end]) => ({ start: at(start), end: at(end) })),
});

const attendance = (...items: Attendee[]): Attendance => ({
  startedAt: at(0),
  endedAt: at(20),
  items,
  absent: [],
});

test("bars stand where somebody was there", () => {
  const bo = person([0, 5], [10, 20]);
  const span = spanOf(attendance(bo));
  expect(span && barsOf(bo, span)).toEqual([
    { left: 0, width: 25 },
    { left: 50, width: 50 },
  ]);
});

test("a class in which nobody was has no plot", () => {
  expect(spanOf(attendance(person()))).toBeNull();
});

test.each([
  [40_000, "40 s"],
  [12 * 60_000, "12 min"],
  [65 * 60_000, "1 h 05 min"],
])("%i ms is %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});
