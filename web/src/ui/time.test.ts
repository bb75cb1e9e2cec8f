import { expect, test } from "vitest";
import { clockTime, comingUp, dayName, localInputValue, nextQuarter } from "./time";

test.each([
  [0, "0:00"],
  [59_999, "0:59"],
  [61_000, "1:01"],
  [3_600_000, "1:00:00"],
  [36_061_000, "10:01:01"],
  [-5, "0:00"],
])("%i ms on the clock is %s", (ms, text) => {
  expect(clockTime(ms)).toBe(text);
});

const now = new Date(2026, 5, 10, 23, 59);

test.each([
  [new Date(2026, 5, 10, 0, 0), "Today"],
  [new Date(2026, 5, 11, 0, 1), "Tomorrow"],
  [new Date(2026, 5, 9, 12, 0), "Yesterday"],
  [new Date(2026, 5, 15, 12, 0), "Mon, Jun 15"],
  [new Date(2027, 0, 1, 12, 0), "Fri, Jan 1, 2027"],
])("%s is %s", (at, name) => {
  expect(dayName(at, now, "en-US")).toBe(name);
});

test("an input's value is the wall clock and reads back as the same instant", () => {
  const at = new Date(2026, 0, 2, 3, 4);
  expect(localInputValue(at)).toBe("2026-01-02T03:04");
  expect(new Date(localInputValue(at)).getTime()).toBe(at.getTime());
});

test("the next quarter is strictly later", () => {
  expect(nextQuarter(new Date(2026, 0, 1, 9, 15)).getMinutes()).toBe(30);
  expect(nextQuarter(new Date(2026, 0, 1, 9, 59, 59)).getHours()).toBe(10);
});

test.each([
  [0, null],
  [1, "in 1 min"],
  [59.5, "in 1 h 0 min"],
  [125, "in 2 h 5 min"],
  [24 * 60, "in 24 h 0 min"],
  [24 * 60 + 1, null],
])("what starts %d minutes from now comes up %s", (minutes, text) => {
  expect(comingUp(new Date(now.getTime() + minutes * 60_000), now)).toBe(text);
});
