import { expect, test } from "vitest";
import { groupSessions } from "./grouping";
import type { Session } from "./queries";

const session = (id: string, status: Session["status"], hour: number): Session => ({
  id,
  lessonId: "l",
  title: id,
  status,
  scheduledStart: `2026-01-01T${String(hour).padStart(2, "0")}:00:00Z`,
  scheduledEnd: `2026-01-01T${String(hour + 1).padStart(2, "0")}:00:00Z`,
});

test("upcoming comes soonest first, the past latest first, each session in one group", () => {
  const groups = groupSessions([
    session("later", "scheduled", 12),
    session("first", "ended", 1),
    session("now", "live", 5),
    session("sooner", "scheduled", 8),
    session("off", "cancelled", 3),
  ]);
  expect(groups.live.map((one) => one.id)).toEqual(["now"]);
  expect(groups.upcoming.map((one) => one.id)).toEqual(["sooner", "later"]);
  expect(groups.past.map((one) => one.id)).toEqual(["off", "first"]);
});
