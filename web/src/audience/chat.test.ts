import { expect, test } from "vitest";
import type { StoredEvent } from "../sessions/events/eventFeed";
import { chatOf } from "./chat";
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

test("messages are in the order of the log", () => {
  expect(chatOf(log(sent("a"), sent("b", "bo")))).toMatchObject([
    { id: "a", participantId: "ada", content: "a", edited: false, sequence: 1 },
    { id: "b", participantId: "bo", content: "b", edited: false, sequence: 2 },
  ]);
});

test("an edit keeps the message's place and says that it was edited", () => {
  expect(chatOf(log(sent("a"), sent("b"), edited("a", "new")))).toMatchObject([
    { id: "a", content: "new", edited: true, sequence: 1 },
    { id: "b", edited: false },
  ]);
});

test("what is deleted is gone, and an edit does not bring it back", () => {
  expect(chatOf(log(sent("a"), deleted("a"), edited("a", "back")))).toEqual([]);
});

test("a person reacts once in each way, and can take it back", () => {
  const reaction = (emoji: Emoji, participantId: string, on = true): StoredEvent["payload"] => ({
    type: on ? "chat.reacted" : "chat.reaction_withdrawn",
    messageId: "a",
    participantId,
    userId: "u",
    emoji,
  });
  const [line] = chatOf(
    log(
      sent("a"),
      reaction("heart", "bo"),
      reaction("heart", "bo"),
      reaction("heart", "cy"),
      reaction("laugh", "bo"),
      reaction("laugh", "bo", false),
    ),
  );
  expect([...(line?.reactions ?? [])]).toEqual([["heart", new Set(["bo", "cy"])]]);
});

test("unread is what others wrote since", () => {
  const lines = chatOf(log(sent("a", "bo"), sent("b", "ada"), sent("c", "bo"), sent("d", "bo")));
  expect(unreadCount(lines, 0, "ada")).toBe(3);
  expect(unreadCount(lines, 3, "ada")).toBe(1);
  expect(unreadCount(lines, 4, "ada")).toBe(0);
});
