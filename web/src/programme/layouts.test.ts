import { expect, test } from "vitest";
import type { Cast, Rect } from "./geometry";
import { ARRANGE } from "./layouts";

type Numbers = [number, number, number, number];

interface Case {
  layout: keyof typeof ARRANGE;
  cast: Cast;
  area: Numbers;
  tiles: { id: string; rect: Numbers }[];
}

/** What the compositor's own layouts give. */
const files = import.meta.glob<Case[]>("../../../tests/data/layouts.json", {
  eager: true,
  import: "default",
});
const cases = Object.values(files).flat();
const rect = ([x, y, width, height]: Numbers): Rect => ({ x, y, width, height });

test.each([...new Set(cases.map(({ layout }) => layout))])(
  "%s stands where the compositor puts it",
  (layout) => {
    for (const { cast, area, tiles } of cases.filter((one) => one.layout === layout))
      expect(ARRANGE[layout](cast, rect(area)), JSON.stringify(cast)).toEqual(
        tiles.map((tile) => ({ ...tile, rect: rect(tile.rect) })),
      );
  },
);
