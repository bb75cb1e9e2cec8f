import { expect, test } from "vitest";
import { emptyLog, type StoredEvent, withPage } from "../events/eventFeed";
import { emptyView, evolve } from "./session";
import { caughtUp } from "./useSessionView";

const asked = (sequence: number): StoredEvent => ({
  id: `event-${sequence}`,
  sessionId: "s",
  sequence,
  createdAt: "2026-01-01T10:00:00Z",
  payload: {
    type: "question.asked",
    questionId: `q${sequence}`,
    participantId: "bo",
    userId: "u",
    content: "?",
  },
});
const events = [1, 2, 3].map(asked);
const second = events.slice(0, 2).reduce(evolve, emptyView);

test("a log that is still behind takes nothing back", () => {
  expect(caughtUp(second, emptyLog)).toBe(second);
  expect(caughtUp(second, withPage(emptyLog, events.slice(0, 1)))).toBe(second);
});

test("each event counts once, whether the server or the log told it", () => {
  const whole = withPage(emptyLog, events);
  expect(caughtUp(second, whole)).toEqual(caughtUp(emptyView, whole));
  expect(caughtUp(second, whole).questions.map(({ id }) => id)).toEqual(["q1", "q2", "q3"]);
});
