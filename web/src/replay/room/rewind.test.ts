import { expect, test } from "vitest";
import type { StoredEvent } from "../../sessions/events/eventFeed";
import { emptyView, evolve } from "../../sessions/state/session";
import { EVERY_EVENTS, Rewind } from "./rewind";

const START = Date.parse("2026-01-01T10:00:00Z");

/** One event a second. */
const log = (payloads: StoredEvent["payload"][]): StoredEvent[] =>
  payloads.map((payload, index) => ({
    id: `event-${index}`,
    sessionId: "s",
    sequence: index + 1,
    createdAt: new Date(START + index * 1000).toISOString(),
    payload,
  }));

const by = { participantId: "ada", userId: "u" };
const said = (messageId: string, content = messageId): StoredEvent["payload"] => ({
  type: "chat.sent",
  messageId,
  content,
  ...by,
});
const hearted = (messageId: string): StoredEvent["payload"] => ({
  type: "chat.reacted",
  messageId,
  emoji: "heart",
  ...by,
});

const LESSON: StoredEvent["payload"][] = [
  said("hello"),
  { type: "question.asked", questionId: "q", content: "Why?", ...by },
  { type: "question.upvoted", questionId: "q", ...by },
  {
    type: "poll.opened",
    pollId: "p",
    openedBy: "u",
    question: {
      prompt: "Where?",
      options: ["Bath", "Highbury"],
      kind: "poll",
      anonymous: false,
      multiple: false,
      results: "live",
    },
  },
  { type: "poll.answered", pollId: "p", respondent: "r", choices: [1] },
  { type: "poll.closed", pollId: "p", closedBy: "u", tally: [0, 1], correct: [] },
  { type: "question.answered", questionId: "q", answeredBy: "u", answer: "Because" },
  { type: "chat.deleted", messageId: "hello", deletedBy: "u" },
];

test("the room is as it stood then, forward and back", () => {
  const rewind = new Rewind(log(LESSON));
  const at = (second: number) => rewind.after(rewind.countAt(START + second * 1000));
  expect(at(-1)).toMatchObject({ chat: [], questions: [], polls: [] });
  expect(at(4)).toMatchObject({
    chat: [{ content: "hello" }],
    questions: [{ votes: 1, status: "open" }],
    polls: [{ closed: false, responses: 1, tally: [0, 1] }],
    view: { sequence: 5 },
  });
  expect(at(60)).toMatchObject({
    chat: [],
    questions: [{ status: "answered", answer: "Because" }],
    polls: [{ closed: true, tally: [0, 1] }],
  });
  expect(at(3).polls).toMatchObject([{ closed: false, responses: 0, tally: [0, 0] }]);
});

test("every place of a long log is the fold of all before it, whatever was looked at first", () => {
  const payloads = Array.from({ length: EVERY_EVENTS * 3 }, (_, index) =>
    index % 2 ? hearted("m0") : said(`m${index}`),
  );
  const events = log(payloads);
  const rewind = new Rewind(events);
  for (const count of [EVERY_EVENTS * 2 + 7, EVERY_EVENTS, 0, EVERY_EVENTS - 1, events.length]) {
    const { view, chat } = rewind.after(count);
    expect(view).toEqual(events.slice(0, count).reduce(evolve, emptyView));
    expect(chat.map(({ id }) => id)).toEqual(
      payloads.slice(0, count).flatMap((one) => (one.type === "chat.sent" ? one.messageId : [])),
    );
    const hearts = chat[0]?.reactions.get("heart")?.count ?? 0;
    expect(hearts).toBe(Math.floor(count / 2));
  }
});

test("a jump in a log of 20,000 events folds one stretch of it", () => {
  const events = log(Array.from({ length: 20_000 }, (_, index) => said(`m${index}`)));
  const rewind = new Rewind(events);
  rewind.after(events.length);
  let read = 0;
  const counted = new Proxy(events, {
    get: (target, name) => {
      read += typeof name === "string" && /^\d+$/.test(name) ? 1 : 0;
      return Reflect.get(target, name);
    },
  });
  const watched = new Rewind(counted);
  watched.after(events.length);
  read = 0;
  expect(watched.after(12_345).chat).toHaveLength(12_345);
  expect(read).toBeLessThanOrEqual(EVERY_EVENTS);
});

test("an event is found again on the clock", () => {
  const rewind = new Rewind(log(LESSON));
  expect(rewind.timeOf(4)).toBe(START + 3000);
});
