import { expect, test } from "vitest";
import { arrivalOf } from "./arrival";

const names = { youtube: "YouTube" };
const arrival = (query: string) => arrivalOf(new URLSearchParams(query), names);

test("who comes from a platform is told what came of it", () => {
  expect(arrival("connected=youtube").connected).toBe("YouTube");
  expect(arrival("problem=connection_refused").problem?.message).toMatch(/Begin again/);
});

test("an address made by somebody else says nothing of its own", () => {
  expect(arrival("connected=Call+0900").connected).toBeNull();
  expect(arrival("problem=Call+0900").problem?.message).not.toContain("0900 ");
  expect(arrival("")).toEqual({ connected: null, problem: null });
});
