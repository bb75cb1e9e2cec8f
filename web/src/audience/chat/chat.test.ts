import { expect, test } from "vitest";
import type { StoredEvent } from "../../sessions/events/eventFeed";
import { chatAfter, lineOf } from "./chat";
import type { Emoji } from "./emoji";
import { unreadCount } from "./unread";

const log = (...payloads: StoredEvent["payload"][]): StoredEvent[] =>
  payloads.map((payload, index) => ({
    id: `event-${index}`,
    sessionId: "s",
    sequence: index + 1,
    createdAt: "2026-01-01T10:00:00Z",
    payload,
  }));

const sent = (messageId: string, participantId = "ada"): StoredEvent["payload"] => ({
  type: "chat.sent",
  messageId,
  participantId,
  userId: "u",
  content: messageId,
});
const edited = (messageId: string, content: string): StoredEvent["payload"] => ({
  type: "chat.edited",
  messageId,
  content,
});
const deleted = (messageId: string): StoredEvent["payload"] => ({
  type: "chat.deleted",
  messageId,
  deletedBy: "u",
});
const reaction = (emoji: Emoji, participantId: string, on = true): StoredEvent["payload"] => ({
  type: on ? "chat.reacted" : "chat.reaction_withdrawn",
  messageId: "a",
  participantId,
  userId: "u",
  emoji,
});

const lines = (...payloads: StoredEvent["payload"][]) =>
  chatAfter([], log(...payloads), { me: "me", grows: true });
const read = lineOf({
  id: "a",
  sessionId: "s",
  userId: "u",
  participantId: "ada",
  name: "Ada",
  content: "a",
  sequence: 1,
  createdAt: "2026-01-01T10:00:00Z",
  pinned: false,
  editedAt: null,
  reactions: [{ emoji: "heart", count: 2, mine: true }],
});

test("messages are in the order of the log", () => {
  expect(lines(sent("a"), sent("b", "bo"))).toMatchObject([
    { id: "a", participantId: "ada", content: "a", edited: false, sequence: 1 },
    { id: "b", participantId: "bo", content: "b", edited: false, sequence: 2 },
  ]);
});

test("an edit keeps the message's place and says that it was edited", () => {
  expect(lines(sent("a"), sent("b"), edited("a", "new"))).toMatchObject([
    { id: "a", content: "new", edited: true, sequence: 1 },
    { id: "b", edited: false },
  ]);
});

test("what is deleted is gone, and an edit does not bring it back", () => {
  expect(lines(sent("a"), deleted("a"), edited("a", "back"))).toEqual([]);
});

test("reactions are counted, and one's own can be taken back", () => {
  const [line] = lines(
    sent("a"),
    reaction("heart", "bo"),
    reaction("heart", "me"),
    reaction("laugh", "bo"),
    reaction("laugh", "bo", false),
  );
  expect([...(line?.reactions ?? [])]).toEqual([["heart", { count: 2, mine: true }]]);
});

test("what the server listed goes on with the log", () => {
  const news = log(reaction("heart", "me", false), edited("a", "new"), sent("b"));
  const [old, ...more] = chatAfter([read], news, { me: "me", grows: true });
  expect(old).toMatchObject({ content: "new", edited: true, participantId: "ada" });
  expect(old?.reactions.get("heart")).toEqual({ count: 1, mine: false });
  expect(more.map(({ id }) => id)).toEqual(["b"]);
});

test("an older page takes changes of its own messages, and no new ones", () => {
  const news = log(sent("b"), deleted("a"));
  expect(chatAfter([read], news, { me: "me", grows: false })).toEqual([]);
});

test("unread is what others wrote since", () => {
  const all = lines(sent("a", "bo"), sent("b", "ada"), sent("c", "bo"), sent("d", "bo"));
  expect(unreadCount(all, 0, "ada")).toBe(3);
  expect(unreadCount(all, 3, "ada")).toBe(1);
  expect(unreadCount(all, 4, "ada")).toBe(0);
});
