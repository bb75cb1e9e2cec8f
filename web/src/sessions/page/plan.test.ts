import { expect, test } from "vitest";
import type { Session } from "../queries";
import { changesOf, planOf } from "./plan";

const session: Session = {
  id: "s",
  lessonId: "l",
  title: "Emma",
  status: "scheduled",
  scheduledStart: new Date(2026, 0, 5, 9, 0, 7).toISOString(),
  scheduledEnd: new Date(2026, 0, 5, 10, 0, 7).toISOString(),
};

test("a plan that nobody touched changes nothing", () => {
  expect(changesOf(session, planOf(session))).toEqual({});
});

test("only what was touched is sent, as an instant", () => {
  const plan = { ...planOf(session), title: " Box Hill ", end: "2026-01-05T11:30" };
  expect(changesOf(session, plan)).toEqual({
    title: "Box Hill",
    scheduledEnd: new Date(2026, 0, 5, 11, 30).toISOString(),
  });
});

test("an empty title is no change", () => {
  expect(changesOf(session, { ...planOf(session), title: "  " })).toEqual({});
});
