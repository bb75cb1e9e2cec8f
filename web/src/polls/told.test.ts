import { expect, test } from "vitest";
import type { StoredEvent } from "../sessions/events/eventFeed";
import { emptyView, evolve } from "../sessions/state/session";
import { type Poll, pollsOf, upToDate } from "./told";

const log = (...payloads: StoredEvent["payload"][]): StoredEvent[] =>
  payloads.map((payload, index) => ({
    id: `event-${index}`,
    sessionId: "s",
    sequence: index + 1,
    createdAt: "2026-01-01T10:00:00Z",
    payload,
  }));

type Results = "live" | "after_close";
const opened = (pollId: string, results: Results = "live"): StoredEvent["payload"] => ({
  type: "poll.opened",
  pollId,
  openedBy: "u",
  question: { prompt: pollId, options: ["a", "b"], results },
});
const answered = (
  pollId: string,
  choices: number[] | null,
  replaced: number[] | null = null,
): StoredEvent["payload"] => ({
  type: "poll.answered",
  pollId,
  respondent: "r",
  choices,
  sealed: choices ? null : "sealed",
  replaced,
});
const closed = (pollId: string, tally: number[]): StoredEvent["payload"] => ({
  type: "poll.closed",
  pollId,
  closedBy: "u",
  tally,
  correct: [1],
});

const known = (id: string, sequence: number, more: Partial<Poll> = {}): Poll => ({
  id,
  sequence,
  sessionId: "s",
  status: "open",
  prompt: id,
  options: ["a", "b"],
  kind: "poll",
  anonymous: false,
  multiple: false,
  results: "live",
  responses: 0,
  createdAt: "2026-01-01T10:00:00Z",
  tally: null,
  ...more,
});

test("a live poll is counted from the log, and a changed answer once", () => {
  const { told } = pollsOf(
    emptyView,
    log(opened("p"), answered("p", [0]), answered("p", [1], [0])),
  );
  expect(told.get("p")).toMatchObject({ status: "open", responses: 1, tally: [0, 1], sequence: 1 });
});

test("a sealed poll tells how many answered, and its result when it closes", () => {
  const open = log(opened("p", "after_close"), answered("p", null), answered("p", null, []));
  expect(pollsOf(emptyView, open).told.get("p")).toMatchObject({
    responses: 1,
    tally: null,
    correct: null,
  });
  const over = log(opened("p", "after_close"), answered("p", null), closed("p", [0, 1]));
  expect(pollsOf(emptyView, over).told.get("p")).toMatchObject({
    status: "closed",
    responses: 1,
    tally: [0, 1],
    correct: [1],
  });
});

test("answers alone are no reason to ask the server", () => {
  expect(pollsOf(emptyView, log(opened("p"), answered("p", [0]))).changedAt).toBe(1);
  expect(
    pollsOf(emptyView, log(opened("p"), answered("p", [0]), closed("p", [1, 0]))).changedAt,
  ).toBe(3);
});

test("what the server said is brought up to date, and what only staff know is kept", () => {
  const { told } = pollsOf(
    emptyView,
    log(opened("live"), opened("sealed", "after_close"), answered("live", [0])),
  );
  const server = [known("live", 1), known("sealed", 2, { tally: [2, 0], mine: [0] })];
  const [sealed, live] = upToDate(server, told);
  expect(live).toMatchObject({ id: "live", responses: 1, tally: [1, 0] });
  expect(sealed).toMatchObject({ id: "sealed", tally: [2, 0], mine: [0] });
});

test("drafts come first, then what is open, the newest of each in front", () => {
  const polls = [
    known("old", 1, { status: "closed" }),
    known("open", 2),
    known("newer", 3),
    known("draft", 4, { status: "draft" }),
  ];
  expect(upToDate(polls, new Map()).map(({ id }) => id)).toEqual(["draft", "newer", "open", "old"]);
});

test("who comes late goes on from what was open then", () => {
  const before = log(opened("p"), answered("p", [0]), opened("over"), closed("over", [0, 0]));
  const start = before.reduce(evolve, emptyView);
  const later = log(...before.map(({ payload }) => payload), answered("p", [1])).slice(-1);
  const { told, changedAt } = pollsOf(start, later);
  expect([...told.values()]).toMatchObject([{ id: "p", responses: 2, tally: [1, 1] }]);
  expect(changedAt).toBe(start.sequence);
});
