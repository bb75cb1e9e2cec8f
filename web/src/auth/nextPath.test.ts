import { expect, test } from "vitest";
import { nextPath } from "./nextPath";

test.each([
  ["/sessions/1/room?x=1", "/sessions/1/room?x=1"],
  [null, "/dashboard"],
  ["", "/dashboard"],
  ["https://evil.example", "/dashboard"],
  ["//evil.example", "/dashboard"],
  ["/\\evil.example", "/dashboard"],
  ["/login?next=/login", "/dashboard"],
])("%s leads to %s", (next, path) => {
  expect(nextPath(next)).toBe(path);
});
