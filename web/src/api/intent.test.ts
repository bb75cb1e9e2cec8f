import { expect, test, vi } from "vitest";
import { intentFor, newKey } from "./intent";

const keys = () => {
  let count = 0;
  return () => `key-${++count}`;
};

test("the same input under way keeps its key", () => {
  const make = keys();
  const first = intentFor(null, { title: "Waves" }, make);
  expect(intentFor(first, { title: "Waves" }, make)).toBe(first);
});

test("another input is another intent", () => {
  const make = keys();
  const first = intentFor(null, { title: "Waves" }, make);
  expect(intentFor(first, { title: "Light" }, make).key).not.toBe(first.key);
});

test("a settled intent is not taken up again", () => {
  const make = keys();
  expect(intentFor(null, 1, make).key).not.toBe(intentFor(null, 1, make).key);
});

test("keys are version 4 UUIDs, also where the browser has no randomUUID", () => {
  const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(newKey()).toMatch(uuid4);
  vi.stubGlobal("crypto", { getRandomValues: (array: Uint8Array) => array.fill(0xff) });
  expect(newKey()).toMatch(uuid4);
  vi.unstubAllGlobals();
});
