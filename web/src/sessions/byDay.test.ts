import { expect, test } from "vitest";
import { byDay } from "./byDay";
import type { Session } from "./queries";

const now = new Date(2026, 5, 10, 9);

const session = (id: string, status: Session["status"], day: number, hour: number): Session => ({
  id,
  lessonId: "l",
  title: id,
  status,
  scheduledStart: new Date(2026, 5, day, hour).toISOString(),
  scheduledEnd: new Date(2026, 5, day, hour + 1).toISOString(),
});

test("what is live comes first, the rest by day in the order it came", () => {
  const groups = byDay(
    [
      session("soon", "scheduled", 10, 10),
      session("now", "live", 10, 8),
      session("late", "scheduled", 10, 22),
      session("next", "scheduled", 11, 1),
    ],
    now,
    "en-US",
  );
  expect(groups.map(([day, those]) => [day, those.map(({ id }) => id)])).toEqual([
    ["Live now", ["now"]],
    ["Today", ["soon", "late"]],
    ["Tomorrow", ["next"]],
  ]);
});
