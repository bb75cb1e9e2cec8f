import { ParticipantKind } from "livekit-client";
import { expect, test } from "vitest";
import { speaksForLog } from "./useSessionEvents";

test("only an agent or the server itself speaks for the log", () => {
  expect(speaksForLog(undefined)).toBe(true);
  expect(speaksForLog({ kind: ParticipantKind.AGENT })).toBe(true);
  expect(speaksForLog({ kind: ParticipantKind.STANDARD })).toBe(false);
  expect(speaksForLog({ kind: ParticipantKind.EGRESS })).toBe(false);
});
