import { expect, test } from "vitest";
import {
  draftOf,
  emptySketch,
  obstacle,
  type Sketch,
  withCorrect,
  withOption,
  withoutOption,
  withText,
} from "./draft";

const filled = (more: Partial<Sketch> = {}): Sketch => ({
  ...withText(withText(emptySketch, 1, "Bath"), 2, "London"),
  prompt: "Where?",
  ...more,
});

test.each([
  [emptySketch, /question/],
  [filled({ prompt: " " }), /question/],
  [withOption(filled()), /empty option/],
  [withText(filled(), 2, " Bath "), /the same/],
  [filled({ kind: "quiz" }), /correct option/],
  [withCorrect(filled({ kind: "quiz" }), 1, true), null],
  [filled(), null],
])("%o is kept back by %s", (sketch, reason) => {
  if (reason) expect(obstacle(sketch)).toMatch(reason);
  else expect(obstacle(sketch)).toBeNull();
});

test("only one option is correct where one is chosen", () => {
  const both = (multiple: boolean) =>
    withCorrect(withCorrect(filled({ kind: "quiz", multiple }), 1, true), 2, true);
  expect(draftOf(both(false)).correct).toEqual([1]);
  expect(draftOf(both(true)).correct).toEqual([0, 1]);
  expect(obstacle({ ...both(true), multiple: false })).toMatch(/Only one/);
});

test("a poll that is no quiz has nothing correct", () => {
  expect(draftOf(withCorrect(filled(), 1, true)).correct).toEqual([]);
});

test("removing an option leaves the others as they are", () => {
  const three = withText(withOption(filled()), 3, "Highbury");
  expect(draftOf(withoutOption(three, 2)).options).toEqual(["Bath", "Highbury"]);
  expect(withOption(withoutOption(three, 3)).options.map(({ id }) => id)).toEqual([1, 2, 3]);
});
