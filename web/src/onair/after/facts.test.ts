// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { Sample, Timeline } from "../queries";
import { factsLine, spells } from "./facts";

const START = Date.parse("2026-11-21T12:00:00Z");
const sample = (second: number, part: Partial<Sample> = {}): Sample => ({
  at: new Date(START + second * 1000).toISOString(),
  spanS: 2,
  bitrateBps: 3_000_000,
  fps: 30,
  droppedFrames: 0,
  queuedBytes: 0,
  trouble: null,
  ...part,
});
const timeline = (samples: Sample[], reconnects = 0) =>
  ({ destinationId: "d", name: "Hall", reconnects, samples, platform: [] }) as Timeline;

test("a longer measurement weighs more", () => {
  const minute = sample(60, { spanS: 60, bitrateBps: 1_000_000, droppedFrames: 1 });
  const line = factsLine(timeline([minute, sample(90, { spanS: 30, bitrateBps: 4_000_000 })], 2));
  expect(line).toBe("2 min · 2.0 Mb/s on average · 30 fps · 1 picture dropped · 2 reconnects");
});

test("nothing measured is nothing said", () => {
  expect(factsLine(timeline([]))).toBeNull();
});

test("troubles of one kind close together are one spell, and a single one is none", () => {
  const bad = (second: number, trouble: Sample["trouble"]) => sample(second, { trouble });
  const queue = [62, 64, 66].map((second) => bad(second, "queue"));
  const found = spells([bad(2, "drops"), sample(4), bad(6, "drops"), bad(60, "drops"), ...queue]);
  expect(found.map(({ from, to }) => [from.getTime() - START, to.getTime() - START])).toEqual([
    [0, 6_000],
    [60_000, 66_000],
  ]);
});
