// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { SessionDestination } from "../../destinations/queries";
import { justFailed } from "../failing/failing";
import type { Sample } from "../queries";
import { bitrate, grown, numbersLine, paths } from "./numbers";

const NOW = new Date("2026-11-21T12:05:00Z");
const sample = (secondsAgo: number, part: Partial<Sample> = {}): Sample => ({
  at: new Date(NOW.getTime() - secondsAgo * 1000).toISOString(),
  spanS: 2,
  bitrateBps: 3_100_000,
  fps: 29.97,
  droppedFrames: 0,
  queuedBytes: 2_000,
  trouble: null,
  ...part,
});
const told = (stats: Sample | null, status: SessionDestination["status"] = "live") =>
  ({ destinationId: "d", status, stats }) as SessionDestination;

test("a healthy destination says two numbers only", () => {
  expect(numbersLine(sample(0), [sample(0)], 0)).toBe("3.1 Mb/s · 30 fps");
  expect(bitrate(820_400)).toBe("820 kb/s");
});

test("what is not as it should be is counted over what is shown", () => {
  const shown = [sample(4, { droppedFrames: 1 }), sample(0, { queuedBytes: 750_000 })];
  expect(numbersLine(shown[1] as Sample, shown, 2)).toBe(
    "3.1 Mb/s · 30 fps · 750 kB waiting · 1 picture dropped · 2 reconnects",
  );
});

test("a line grows by what is new and forgets what is too old to be drawn", () => {
  const known = new Map([["d", [sample(400), sample(2)]]]);
  const grownLine = grown(known, [told(sample(0))], NOW).get("d");
  expect(grownLine).toEqual([sample(2), sample(0)]);
  expect(grown(new Map([["d", [sample(0)]]]), [told(sample(0))], NOW).get("d")).toHaveLength(1);
});

test("a time off the air is a gap in the curve", () => {
  const drawn = paths([sample(60), sample(58), sample(10), sample(8)], NOW);
  expect(drawn).toHaveLength(2);
  expect(drawn[1]).toBe("M83.3,1.0 L86.7,1.0");
});

test("only what fails between two looks is an alarm", () => {
  expect(justFailed([told(null, "retrying")], [told(null, "failed")])).toHaveLength(1);
  expect(justFailed([told(null, "failed")], [told(null, "failed")])).toEqual([]);
  expect(justFailed([], [told(null, "failed")])).toEqual([]);
});
