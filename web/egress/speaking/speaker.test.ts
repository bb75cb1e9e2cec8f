import { expect, test } from "vitest";
import { ActiveSpeaker, levelDbfs, SILENCE_DBFS } from "./speaker";

interface Case {
  name: string;
  blockS: number;
  spells: { levels: Record<string, number>; blocks: number; current: string | null }[];
}

/** Who our worker shows, block by block. */
const files = import.meta.glob<Case[]>("../../../tests/data/speakers.json", {
  eager: true,
  import: "default",
});

test.each(Object.values(files).flat())("$name", ({ blockS, spells }) => {
  const speaker = new ActiveSpeaker();
  let there = new Set<string>();
  const shown = spells.map(({ levels, blocks }) => {
    for (const id of there) if (!(id in levels)) speaker.forget(id);
    there = new Set(Object.keys(levels));
    for (let block = 0; block < blocks; block++)
      speaker.hear(new Map(Object.entries(levels)), blockS);
    return speaker.current;
  });
  expect(shown).toEqual(spells.map(({ current }) => current));
});

test("a level is measured against full scale", () => {
  expect(levelDbfs(new Float32Array(480))).toBe(SILENCE_DBFS);
  expect(levelDbfs(new Float32Array(480).fill(0.1))).toBeCloseTo(-20);
});
