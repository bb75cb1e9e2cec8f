import { expect, test } from "vitest";
import type { StoredEvent } from "../../sessions/events/eventFeed";
import { questionOf, questionsAfter, ranked } from "./questions";

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

const told = (events: StoredEvent[]) => ranked(questionsAfter([], events, "me"));
const order = (events: StoredEvent[]) => told(events).map((question) => question.id);

test("the most wanted comes first, equals as they were asked", () => {
  expect(order(log(asked("a"), asked("b"), asked("c"), vote("c", "bo")))).toEqual(["c", "a", "b"]);
});

test("votes are counted, and one's own can be taken back", () => {
  const voted = log(asked("a"), vote("a", "bo"), vote("a", "me"));
  expect(told(voted)[0]).toMatchObject({ votes: 2, mine: true });
  const back = [...voted, ...log(vote("a", "me", "question.upvote_withdrawn"))];
  expect(told(back)[0]).toMatchObject({ votes: 1, mine: false });
});

test("what the server listed goes on with the log, and counts once on whichever pages it is", () => {
  const listed = questionOf({
    id: "a",
    sessionId: "s",
    userId: "u",
    participantId: "ada",
    name: "Ada",
    content: "a",
    sequence: 1,
    createdAt: "2026-01-01T10:00:00Z",
    status: "open",
    upvotes: 4,
    upvoted: true,
    answer: null,
  });
  const now = questionsAfter([listed], log(vote("a", "bo"), asked("b")), "me");
  expect(ranked([...now, ...now]).map(({ id, votes }) => [id, votes])).toEqual([
    ["a", 5],
    ["b", 0],
  ]);
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
  expect(told(events)).toMatchObject([
    { id: "c", status: "open", answer: null },
    { id: "a", status: "answered", answer: "Because." },
    { id: "b", status: "dismissed" },
  ]);
});

test("a question answered by word of mouth has no text", () => {
  const spoken = log(asked("a"), { type: "question.answered", questionId: "a", answeredBy: "t" });
  expect(told(spoken)[0]).toMatchObject({ status: "answered", answer: null });
});
