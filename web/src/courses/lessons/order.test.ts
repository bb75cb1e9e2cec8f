import { expect, test } from "vitest";
import { moved } from "./order";

const ids = ["a", "b", "c"];

test.each([
  ["b", -1, ["b", "a", "c"]],
  ["b", 1, ["a", "c", "b"]],
  ["a", 1, ["b", "a", "c"]],
] as const)("%s moved by %i", (id, step, expected) => {
  expect(moved(ids, id, step)).toEqual(expected);
});

test.each([
  ["a", -1],
  ["c", 1],
  ["lost", 1],
] as const)("%s has no place %i from its own", (id, step) => {
  expect(moved(ids, id, step)).toBe(ids);
});
