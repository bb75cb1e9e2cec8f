import { expect, test } from "vitest";
import { type Mending, mendedAgain } from "./mending";

/** How many tries the playback times of one error after the other are given. */
function tries(...errorsAtS: number[]): number {
  let mending: Mending | null = null;
  let given = 0;
  for (const atS of errorsAtS) {
    mending = mendedAgain(mending, atS);
    if (!mending) return given;
    given += 1;
  }
  return given;
}

test("an error at the same place is tried twice, then given up", () => {
  expect(tries(30, 30, 30, 30)).toBe(2);
});

test("a film that creeps on a little after each try is given up as well", () => {
  expect(tries(30, 30.5, 31, 31.5)).toBe(2);
});

test("errors far apart are tried each for itself", () => {
  expect(tries(30, 60, 90, 120)).toBe(4);
});

test("whoever jumps out of a damaged place is tried anew", () => {
  expect(tries(300, 300, 5)).toBe(3);
});
