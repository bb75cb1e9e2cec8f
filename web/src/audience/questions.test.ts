import { expect, test } from "vitest";
import type { StoredEvent } from "../sessions/events/eventFeed";
import { questionsOf } from "./questions";

const log = (...payloads: StoredEvent["payload"][]): StoredEvent[] =>
  payloads.map((payload, index) => ({
    id: `event-${index}`,
    sessionId: "s",
    sequence: index + 1,
    createdAt: "2026-01-01T10:00:00Z",
    payload,
  }));

const asked = (questionId: string): StoredEvent["payload"] => ({
  type: "question.asked",
  questionId,
  participantId: "ada",
  userId: "u",
  content: questionId,
});
const vote = (
  questionId: string,
  participantId: string,
  type: "question.upvoted" | "question.upvote_withdrawn" = "question.upvoted",
): StoredEvent["payload"] => ({ type, questionId, participantId, userId: "u" });

const order = (events: StoredEvent[]) => questionsOf(events).map((question) => question.id);

test("the most wanted comes first, equals as they were asked", () => {
  expect(order(log(asked("a"), asked("b"), asked("c"), vote("c", "bo")))).toEqual(["c", "a", "b"]);
});

test("a person counts once, and not after taking the vote back", () => {
  const twice = log(asked("a"), vote("a", "bo"), vote("a", "bo"), vote("a", "cy"));
  expect(questionsOf(twice)[0]?.voters).toEqual(new Set(["bo", "cy"]));
  const back = log(asked("a"), vote("a", "bo"), vote("a", "bo", "question.upvote_withdrawn"));
  expect(questionsOf(back)[0]?.voters.size).toBe(0);
});

test("closed questions go to the end and keep their answer", () => {
  const events = log(
    asked("a"),
    asked("b"),
    asked("c"),
    vote("a", "bo"),
    { type: "question.answered", questionId: "a", answeredBy: "t", answer: "Because." },
    { type: "question.dismissed", questionId: "b", dismissedBy: "t" },
  );
  expect(questionsOf(events)).toMatchObject([
    { id: "c", status: "open", answer: null },
    { id: "a", status: "answered", answer: "Because." },
    { id: "b", status: "dismissed" },
  ]);
});

test("a question answered by word of mouth has no text", () => {
  const spoken = log(asked("a"), { type: "question.answered", questionId: "a", answeredBy: "t" });
  expect(questionsOf(spoken)[0]).toMatchObject({ status: "answered", answer: null });
});
