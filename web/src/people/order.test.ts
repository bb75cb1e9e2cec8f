import { describe, expect, test } from "vitest";
import type { StoredEvent } from "../sessions/events/eventFeed";
import { emptyView, evolve } from "../sessions/state/session";
import { announcementOf } from "./announcing/announcements";
import { isAbove, orderOf } from "./order";
import { maySend } from "./rights";

const log = (...payloads: StoredEvent["payload"][]): StoredEvent[] =>
  payloads.map((payload, index) => ({
    id: `event-${index}`,
    sessionId: "s",
    sequence: index + 1,
    createdAt: `2026-01-01T10:00:${String(index).padStart(2, "0")}Z`,
    payload,
  }));

const joined = (id: string, role: "student" | "teacher" = "student"): StoredEvent["payload"] => ({
  type: "participant.joined",
  participantId: id,
  userId: `user-${id}`,
  name: id,
  role,
  permissions: { publish: [], draw: false },
});
const after = (events: StoredEvent[]) => events.reduce(evolve, emptyView);
const raised = (id: string): StoredEvent["payload"] => ({ type: "hand.raised", participantId: id });

test("hands are in the order in which they were raised", () => {
  const { hands } = orderOf(
    after(
      log(joined("a"), joined("b"), joined("c"), raised("c"), raised("a"), raised("b"), {
        type: "hand.lowered",
        participantId: "a",
        loweredBy: "u",
      }),
    ),
    "s",
    "a",
  );
  expect(hands.map((one) => one.id)).toEqual(["c", "b"]);
});

test("who is removed is listed apart, and their hand counts no more", () => {
  const order = orderOf(
    after(
      log(joined("a"), raised("a"), {
        type: "participant.removed",
        participantId: "a",
        removedBy: "u",
      }),
    ),
    "s",
    "a",
  );
  expect(order.hands).toEqual([]);
  expect(order.removed.map((one) => one.id)).toEqual(["a"]);
});

test("nobody is above their like", () => {
  const { people } = orderOf(
    after(log(joined("t", "teacher"), joined("a"), joined("b"))),
    "s",
    "t",
  );
  const [teacher, a, b] = [...people.values()];
  if (!teacher || !a || !b) throw new Error("three people joined");
  expect([isAbove(teacher, a), isAbove(a, b), isAbove(undefined, a)]).toEqual([true, false, false]);
});

describe("rights in the room", () => {
  test.each([
    [undefined, false],
    [{ canPublish: false, canPublishSources: [] }, false],
    [{ canPublish: true, canPublishSources: [] }, true],
    [{ canPublish: true, canPublishSources: [1] }, false],
    [{ canPublish: true, canPublishSources: [1, 2] }, true],
  ])("%j let one speak: %s", (rights, allowed) => {
    expect(maySend(rights, "microphone")).toBe(allowed);
  });
});

describe("an announcement", () => {
  const nameOf = (id: string) => (id === "me" ? "You" : id);
  const said = (payload: StoredEvent["payload"]) =>
    announcementOf(log(payload)[0] as StoredEvent, nameOf, "me");

  test("tells of hands and of who comes", () => {
    expect(said(raised("Bo"))).toBe("Bo raised a hand");
    expect(said(joined("Bo"))).toBe("Bo joined");
  });

  test("tells nobody what they did themselves", () => {
    expect(said(raised("me"))).toBeNull();
  });

  test("leaves out what is no news to the ear", () => {
    expect(said({ type: "participant.connected", participantId: "Bo", sid: "PA_1" })).toBeNull();
  });
});
