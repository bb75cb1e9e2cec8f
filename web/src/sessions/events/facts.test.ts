import { expect, test } from "vitest";
import { emptyView } from "../state/session";
import { logFrom, type StoredEvent, withPage } from "./eventFeed";
import { factsOf } from "./facts";

const told = (events: StoredEvent[]) => factsOf(withPage(logFrom(emptyView), events));

const at = "2026-01-01T10:00:00Z";
const log = (...payloads: StoredEvent["payload"][]): StoredEvent[] =>
  payloads.map((payload, index) => ({
    id: `event-${index}`,
    sessionId: "s",
    sequence: index + 1,
    createdAt: at,
    payload,
  }));

test("an empty log has no facts", () => {
  expect(told([])).toMatchObject({
    startedAt: null,
    ended: false,
    destinationsAt: 0,
  });
});

test("people have the name and role they joined with", () => {
  const { names, roles } = told(
    log({
      type: "participant.joined",
      participantId: "ada",
      userId: "u",
      name: "Ada",
      role: "teacher",
    }),
  );
  expect([names.get("ada"), roles.get("ada")]).toEqual(["Ada", "teacher"]);
});

test("start, end and the last change to a destination are known", () => {
  const facts = told(
    log(
      { type: "session.started", room: "r", startedBy: "u" },
      { type: "destination.changed", destinationId: "d", status: "live", attempt: 1 },
      { type: "session.ended", reason: "command" },
    ),
  );
  expect(facts).toMatchObject({ startedAt: at, ended: true, destinationsAt: 2 });
});
