import { expect, test } from "vitest";
import type { DestinationPreset } from "../queries";
import { rulesOf, urlAfterPick } from "./presets";

const preset = (part: Partial<DestinationPreset>): DestinationPreset => ({
  id: "custom",
  name: "Custom RTMP",
  url: null,
  otherUrls: [],
  requiresRtmps: false,
  maxBitrateKbps: null,
  oneTimeKey: false,
  maxAudioKbps: null,
  upright: false,
  maxHours: null,
  keyHours: null,
  advisedBitrateKbps: null,
  help: "Any server.",
  ...part,
});
const custom = preset({});
const one = preset({ id: "one", url: "rtmps://one.example/live" });
const two = preset({ id: "two", url: "rtmp://two.example/app" });
const presets = [one, two, custom];

test("picking a platform fills in its URL, and replaces that of another platform", () => {
  expect(urlAfterPick(presets, "", one)).toBe("rtmps://one.example/live");
  expect(urlAfterPick(presets, "rtmps://one.example/live", two)).toBe("rtmp://two.example/app");
  expect(urlAfterPick(presets, "rtmps://one.example/live", custom)).toBe("");
});

test("picking a platform keeps a URL that somebody typed", () => {
  expect(urlAfterPick(presets, "rtmp://mine.example/x", one)).toBe("rtmp://mine.example/x");
});

test("a platform without demands has only its help", () => {
  expect(rulesOf(custom)).toEqual(["Any server."]);
});

test("each demand is told", () => {
  const strict = preset({
    requiresRtmps: true,
    oneTimeKey: true,
    maxBitrateKbps: 6000,
    maxHours: 4,
    upright: true,
    otherUrls: ["rtmps://b.example/live"],
  });
  expect(rulesOf(strict)).toEqual([
    "Any server.",
    "Only encrypted streams: the URL starts with rtmps://.",
    "The key works for one broadcast; enter a new one each time.",
    "At most 6 Mb/s of video.",
    "A stream lasts 4 hours at most.",
    "Made for upright video (9:16).",
    "Also possible: rtmps://b.example/live",
  ]);
});
