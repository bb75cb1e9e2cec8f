import { expect, test } from "vitest";
import { found } from "./found";
import type { Cue } from "./spoken";

const cue = (text: string, participantId = "ada"): Cue => ({
  sequence: 1,
  segmentId: text,
  participantId,
  startUnixMs: 0,
  endUnixMs: 1,
  text,
  original: null,
  language: "en",
});

const CUES = [cue("Barton Park is near."), cue("Élan is not."), cue("Nobody parks.", "ben")];
const texts = (search: string) =>
  found(CUES, search, (id) => (id === "ben" ? "Ben" : "Ada")).map(({ text }) => text);

test("every word counts, in any order and case", () => {
  expect(texts("park BARTON")).toEqual(["Barton Park is near."]);
});

test("accents need not be typed", () => {
  expect(texts("elan")).toEqual(["Élan is not."]);
});

test("a name finds what its bearer said", () => {
  expect(texts("ben")).toEqual(["Nobody parks."]);
});

test("nothing to search for finds everything", () => {
  expect(texts("  ")).toHaveLength(3);
});
