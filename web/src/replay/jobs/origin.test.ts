import { expect, test } from "vitest";
import { originOf } from "./origin";

test("a version says by what it was made, and what it had to do without", () => {
  expect(originOf({ method: "language model", model: "small", parameters: {} })).toBe(
    "language model, small",
  );
  const insteadOf = { model: "small", reason: "The language model does not answer." };
  expect(originOf({ method: "extractive", model: "", parameters: { insteadOf } })).toBe(
    "extractive, without small: The language model does not answer.",
  );
  expect(originOf({})).toBe("");
});
