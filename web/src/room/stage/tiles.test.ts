import type { TrackReferenceOrPlaceholder } from "@livekit/components-react";
import { type Participant, ParticipantKind, Track } from "livekit-client";
import { expect, test } from "vitest";
import { gridFor, isPerson, MAX_TILES, planStage } from "./tiles";

const track = (
  identity: string,
  source: Track.Source = Track.Source.Camera,
  kind = ParticipantKind.STANDARD,
): TrackReferenceOrPlaceholder => ({
  participant: { identity, kind } as Participant,
  source,
});

const seen = (tiles: TrackReferenceOrPlaceholder[]) => tiles.map((one) => one.participant.identity);

test("agents and recorders are nobody", () => {
  expect(isPerson({ kind: ParticipantKind.STANDARD })).toBe(true);
  expect(isPerson({ kind: ParticipantKind.AGENT })).toBe(false);
  expect(isPerson({ kind: ParticipantKind.EGRESS })).toBe(false);
});

test("the teacher comes first, then people as they came", () => {
  const plan = planStage([track("ben"), track("ada"), track("cy")], new Map([["ada", "teacher"]]));
  expect(seen(plan.tiles)).toEqual(["ada", "ben", "cy"]);
  expect(plan.screen).toBeNull();
});

test("who leads comes before the teacher", () => {
  const tracks = [track("ben"), track("ada"), track("cy")];
  const plan = planStage(tracks, new Map([["ada", "teacher"]]), "cy");
  expect(seen(plan.tiles)).toEqual(["cy", "ada", "ben"]);
  expect(seen(planStage(tracks, new Map(), "gone").tiles)).toEqual(["ben", "ada", "cy"]);
});

test("a shared screen is in front, and an agent has no tile", () => {
  const plan = planStage(
    [
      track("ada"),
      track("ada", Track.Source.ScreenShare),
      track("bot", Track.Source.Camera, ParticipantKind.AGENT),
    ],
    new Map(),
  );
  expect(plan.screen?.participant.identity).toBe("ada");
  expect(seen(plan.tiles)).toEqual(["ada"]);
});

test("a crowd is cut where tiles get too small, and counted", () => {
  const crowd = Array.from({ length: MAX_TILES + 3 }, (_, index) => track(`p${index}`));
  const plan = planStage(crowd, new Map());
  expect(plan.tiles).toHaveLength(MAX_TILES);
  expect(plan.hidden).toBe(3);
});

test.each([
  [0, 1_000, 600, { columns: 1, tileWidth: 0 }],
  [1, 1_000, 600, { columns: 1, tileWidth: 1_000 }],
  [2, 1_600, 600, { columns: 2, tileWidth: 795 }],
  [2, 900, 700, { columns: 1, tileWidth: 613 }],
  [3, 400, 900, { columns: 1, tileWidth: 400 }],
  [5, 1_600, 900, { columns: 3, tileWidth: 526 }],
])("%i tiles on %i × %i px", (count, width, height, grid) => {
  expect(gridFor(count, width, height, 10)).toEqual(grid);
});

test("tiles never leave the stage", () => {
  for (let count = 1; count <= MAX_TILES; count += 1) {
    const { columns, tileWidth } = gridFor(count, 1_280, 640, 10);
    const rows = Math.ceil(count / columns);
    expect(columns * tileWidth + (columns - 1) * 10).toBeLessThanOrEqual(1_280);
    expect((rows * tileWidth * 9) / 16 + (rows - 1) * 10).toBeLessThanOrEqual(640);
  }
});
