import { expect, test } from "vitest";
import type { TranscriptSegment } from "../queries";
import { matching } from "./matching";

const said = (speaker: string, text: string): TranscriptSegment => ({
  id: text,
  participantId: speaker,
  speaker,
  startMs: 0,
  endMs: 1,
  text,
  words: [],
});

const LINES = [said("Ada", "The cell wall."), said("René", "A résumé of cells.")];

test("finds all words in any order, without accents and case", () => {
  expect(matching(LINES, "CELL wall")).toEqual([LINES[0]]);
  expect(matching(LINES, "cells resume")).toEqual([LINES[1]]);
  expect(matching(LINES, "rene")).toEqual([LINES[1]]);
  expect(matching(LINES, "wall resume")).toEqual([]);
});

test("shows everything while nothing is asked for", () => {
  expect(matching(LINES, "  ")).toBe(LINES);
});
