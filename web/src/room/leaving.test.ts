import { DisconnectReason } from "livekit-client";
import { expect, test } from "vitest";
import { departureFor } from "./leaving";
import { mediaAdvice } from "./media/mediaAdvice";

test.each([
  [DisconnectReason.CLIENT_INITIATED, "left"],
  [DisconnectReason.ROOM_DELETED, "ended"],
  [DisconnectReason.ROOM_CLOSED, "ended"],
  [DisconnectReason.DUPLICATE_IDENTITY, "lost"],
  [DisconnectReason.PARTICIPANT_REMOVED, "lost"],
])("LiveKit's reason %s means %s", (reason, kind) => {
  expect(departureFor(reason)?.kind).toBe(kind);
});

test.each([DisconnectReason.SIGNAL_CLOSE, DisconnectReason.SERVER_SHUTDOWN, undefined])(
  "after LiveKit's reason %s one is still in the class",
  (reason) => {
    expect(departureFor(reason)).toBeNull();
  },
);

const failure = (name: string) => Object.assign(new Error("boom"), { name });

test("a blocked or missing device comes with what to do", () => {
  expect(mediaAdvice(failure("NotAllowedError"), "camera")).toMatch(/Allow it/);
  expect(mediaAdvice(failure("NotFoundError"), "microphone")).toMatch(/No microphone/);
  expect(mediaAdvice(failure("SomethingElse"), "camera")).toMatch(/boom/);
});

test("closing the screen picker is no failure", () => {
  expect(mediaAdvice(failure("NotAllowedError"), "screen")).toBeNull();
});
