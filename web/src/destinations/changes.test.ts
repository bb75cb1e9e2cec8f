import { expect, test } from "vitest";
import { Problem } from "../api/problem";
import { about, changesOf } from "./changes";
import type { Destination } from "./queries";

const stored: Destination = {
  id: "d",
  type: "rtmp",
  name: "Hall",
  url: "rtmp://a.example/live",
  keyHint: "0042",
  status: "connected",
  createdAt: "2026-01-01T00:00:00Z",
  updatedAt: "2026-01-01T00:00:00Z",
};

test("what was not touched is not sent", () => {
  expect(changesOf(stored, { name: " Hall ", url: stored.url, streamKey: "" })).toEqual({});
});

test("what was changed is sent", () => {
  const edited = { name: "Yard", url: "rtmp://b.example/live", streamKey: "new" };
  expect(changesOf(stored, edited)).toEqual(edited);
});

test("a refusal is shown at its field only", () => {
  const problem = new Problem(422, "invalid_field", "No.", { field: "url" });
  expect(about(problem, "url")).toBe("No.");
  expect(about(problem, "streamKey")).toBeNull();
  expect(about(null, "url")).toBeNull();
});
