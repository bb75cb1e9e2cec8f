import { expect, test } from "vitest";
import { fromLocal, toLocal } from "./moments";

test("a moment goes through the field and stays the same", () => {
  const moment = "2026-11-21T09:30:00.000Z";
  expect(fromLocal(toLocal(moment))).toBe(moment);
});

test("no moment is an empty field", () => {
  expect([toLocal(null), toLocal("soon"), fromLocal("")]).toEqual(["", "", null]);
});
