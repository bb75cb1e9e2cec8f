import { expect, test } from "vitest";
import type { TranscriptSegment } from "../queries";
import { subtitlesOf } from "./subtitles";

const said = (language: string): TranscriptSegment => ({
  id: language,
  participantId: "ada",
  speaker: "Ada",
  startMs: 0,
  endMs: 1,
  text: "",
  words: [],
  language,
});
const transcript = (...languages: string[]) => ({
  segments: languages.map(said),
  vttUrl: "/media/t.vtt",
  srtUrl: null,
  txtUrl: null,
});

test("what was said comes first, in the language most of it was in, then each translation by its name", () => {
  const translations = [{ language: "pt-BR", vttUrl: "/media/pt.vtt", linesUrl: "/media/t.json" }];
  expect(subtitlesOf({ transcript: transcript("en", "de", "de", ""), translations })).toEqual([
    { language: "de", label: "As spoken", url: "/media/t.vtt" },
    { language: "pt-BR", label: "Brazilian Portuguese", url: "/media/pt.vtt" },
  ]);
});

test("without translations there is no choice, and without a transcript nothing", () => {
  expect(subtitlesOf({ transcript: transcript() })).toEqual([
    { language: "und", label: "As spoken", url: "/media/t.vtt" },
  ]);
  expect(subtitlesOf({ transcript: { ...transcript(), vttUrl: null } })).toEqual([]);
});
