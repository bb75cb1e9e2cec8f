import { describe, expect, test } from "vitest";
import {
  type Caption,
  captionBlocks,
  firmAndLoose,
  type HeardCaption,
  mergeCaptions,
  withCorrections,
} from "./captionLines";

const heard = (segmentId: string, text: string, final = false, identity = "ada"): HeardCaption => ({
  segmentId,
  identity,
  text,
  final,
  stableWords: 0,
  startMs: Number(segmentId),
});

const texts = (captions: readonly Caption[]) => captions.map((one) => one.text);

describe("merging", () => {
  test("the newest text of a segment replaces the older in its place", () => {
    const first = mergeCaptions([], [heard("1", "hel"), heard("2", "other")], 0);
    expect(texts(mergeCaptions(first, [heard("1", "hello")], 1))).toEqual(["hello", "other"]);
  });

  test("a late partial never undoes a final", () => {
    const known = mergeCaptions([], [heard("1", "Hello there.", true)], 0);
    expect(mergeCaptions(known, [heard("1", "hello")], 1)).toBe(known);
  });

  test("a final corrects a final", () => {
    const known = mergeCaptions([], [heard("1", "Hello", true)], 0);
    expect(texts(mergeCaptions(known, [heard("1", "Hello there.", true)], 1))).toEqual([
      "Hello there.",
    ]);
  });

  test("hearing the same again changes nothing, so that it can fade", () => {
    const known = mergeCaptions([], [heard("1", "hello")], 0);
    expect(mergeCaptions(known, [heard("1", "hello")], 5_000)).toBe(known);
  });

  test("a slow text takes its place in the order of speech", () => {
    const known = mergeCaptions([], [heard("2", "second", true)], 0);
    expect(texts(mergeCaptions(known, [heard("1", "first", true)], 1))).toEqual([
      "first",
      "second",
    ]);
  });

  test("an empty final takes back what was no speech", () => {
    const known = mergeCaptions([], [heard("1", "hello"), heard("2", "other")], 0);
    expect(texts(mergeCaptions(known, [heard("1", "", true)], 1))).toEqual(["other"]);
  });

  test("silence is no caption", () => {
    expect(mergeCaptions([], [heard("1", "  ")], 0)).toEqual([]);
  });
});

describe("what stays", () => {
  const parts = (caption: Partial<Caption>) => {
    const words = { ...heard("1", "it was the best"), updatedMs: 0, ...caption };
    return firmAndLoose(words);
  };

  test("words that two looks agreed upon stand apart from those that may change", () => {
    expect(parts({ stableWords: 2 })).toEqual(["it was", "the best"]);
    expect(parts({ stableWords: 0 })).toEqual(["", "it was the best"]);
    expect(parts({ stableWords: 4 })).toEqual(["it was the best", ""]);
  });

  test("a final stays as a whole", () => {
    expect(parts({ final: true })).toEqual(["it was the best", ""]);
  });
});

describe("the screen", () => {
  const spoken = (...captions: HeardCaption[]) => mergeCaptions([], captions, 0);

  test("joins what one speaker says in a row and parts speakers", () => {
    const blocks = captionBlocks(
      spoken(heard("1", "a"), heard("2", "b"), heard("3", "c", false, "ben")),
      0,
    );
    expect(blocks.map((block) => [block.identity, texts(block.captions)])).toEqual([
      ["ada", ["a", "b"]],
      ["ben", ["c"]],
    ]);
  });

  test("keeps the newest three", () => {
    const blocks = captionBlocks(spoken(...["1", "2", "3", "4"].map((id) => heard(id, id))), 0);
    expect(blocks.flatMap((block) => texts(block.captions))).toEqual(["2", "3", "4"]);
  });

  test("lets finals go after six seconds and abandoned partials after eight", () => {
    const captions = spoken(heard("1", "final", true), heard("2", "partial"));
    const at = (ms: number) =>
      captionBlocks(captions, ms).flatMap((block) => texts(block.captions));
    expect(at(5_999)).toEqual(["final", "partial"]);
    expect(at(6_000)).toEqual(["partial"]);
    expect(at(8_000)).toEqual([]);
  });
});

test("a correction takes the place of what was heard, and of nothing that is still being said", () => {
  const known = mergeCaptions([], [heard("1", "Norlant", true), heard("2", "Norlant")], 0);
  const corrected = new Map([
    ["1", "Norland"],
    ["2", "Norland"],
  ]);
  const [block] = withCorrections(captionBlocks(known, 0), corrected);
  expect(texts(block?.captions ?? [])).toEqual(["Norland", "Norlant"]);
});
