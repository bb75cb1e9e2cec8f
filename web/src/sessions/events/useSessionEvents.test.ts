// @vitest-environment jsdom
import { ParticipantKind } from "livekit-client";
import { expect, test } from "vitest";
import { hintsAtLog, speaksForLog } from "./useSessionEvents";

const KINDS = Object.values(ParticipantKind).filter((kind) => typeof kind === "number");

test("of all kinds of participants only an agent speaks for the log", () => {
  const speakers = KINDS.filter((kind) => speaksForLog({ kind }));
  expect(speakers).toEqual([ParticipantKind.AGENT]);
});

test("a packet without a sender is a hint and nothing more", () => {
  expect([speaksForLog(undefined), hintsAtLog(undefined)]).toEqual([false, true]);
  expect(KINDS.filter((kind) => hintsAtLog({ kind }))).toEqual([]);
});
