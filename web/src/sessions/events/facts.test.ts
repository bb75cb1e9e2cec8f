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

const said = (segmentId: string, startUnixMs: number): StoredEvent["payload"] => ({
  type: "caption.finalized",
  segmentId,
  participantId: "ada",
  trackSid: "TR_1",
  startUnixMs,
  endUnixMs: startUnixMs + 1_000,
  text: segmentId,
  language: "en",
  words: [],
});

test("an empty log has no facts", () => {
  expect(told([])).toMatchObject({
    startedAt: null,
    ended: false,
    spoken: [],
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

test("what was said is in the order it was said, not reported", () => {
  expect(told(log(said("b", 2_000), said("a", 1_000))).spoken.map((line) => line.text)).toEqual([
    "a",
    "b",
  ]);
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
