import { expect, test } from "vitest";
import { following, UNTOLD } from "./shown";

const told = (sequence: number, title: string) => JSON.stringify({ sequence, title });

test("a newer description takes the place of the one before, with defaults for what it leaves out", () => {
  const first = following(UNTOLD, told(3, "Odes"));
  expect(first).toMatchObject({ sequence: 3, title: "Odes", layout: null, captions: false });
  expect(following(first, told(4, "Poems")).title).toBe("Poems");
  expect(following(first, told(3, "Same place")).title).toBe("Same place");
});

test.each([undefined, "", "{", "7", told(2, "Older"), '{"other": "program"}'])(
  "%s changes nothing",
  (metadata) => {
    const known = following(UNTOLD, told(3, "Odes"));
    expect(following(known, metadata)).toBe(known);
  },
);
