import { describe, expect, test } from "vitest";
import type { StoredEvent } from "../../sessions/events/eventFeed";
import { type DrawnStroke, outline, placeAt, redraw, touched } from "./strokes";

const log = (...payloads: StoredEvent["payload"][]): StoredEvent[] =>
  payloads.map((payload, index) => ({
    id: `event-${index}`,
    sessionId: "s",
    sequence: index + 1,
    createdAt: "2026-01-01T10:00:00Z",
    payload,
  }));
const drawn = (id: string, points: number[], boardId = "b", page = 1): StoredEvent["payload"] => ({
  type: "whiteboard.drawn",
  boardId,
  page,
  userId: "u",
  strokes: [{ id, color: "#000000", width: 20, points }],
});
const erased = (...strokes: string[]): StoredEvent["payload"] => ({
  type: "whiteboard.erased",
  boardId: "b",
  page: 1,
  userId: "u",
  strokes,
});
const cleared = (page: number): StoredEvent["payload"] => ({
  type: "whiteboard.cleared",
  boardId: "b",
  page,
  userId: "u",
});
const ids = (strokes: readonly DrawnStroke[]) => strokes.map(({ id }) => id);

describe("a board", () => {
  test("has its own strokes in drawing order, and one sent in pieces is one", () => {
    const events = log(drawn("a", [1, 2]), drawn("x", [9, 9], "other"), drawn("b", [5, 5]));
    const board = redraw([], "b", [...events, ...log(drawn("a", [3, 4]))]);
    expect(board.map(({ id, points }) => [id, points])).toEqual([
      ["a", [1, 2, 3, 4]],
      ["b", [5, 5]],
    ]);
  });

  test("goes on from what was drawn before", () => {
    const before = redraw([], "b", log(drawn("a", [1, 2]), drawn("b", [1, 2])));
    expect(ids(redraw(before, "b", log(erased("a", "gone"), drawn("c", [0, 0]))))).toEqual([
      "b",
      "c",
    ]);
  });

  test("is cleared a page at a time", () => {
    const events = log(drawn("a", [1, 2]), drawn("b", [1, 2], "b", 2), cleared(1));
    expect(ids(redraw([], "b", events))).toEqual(["b"]);
  });
});

describe("a stroke", () => {
  const line: DrawnStroke = {
    id: "a",
    userId: "u",
    page: 1,
    color: "#000000",
    width: 20,
    points: [0, 0, 10_000, 0],
  };

  test("is touched between its points, and not beyond its width", () => {
    expect(touched([line], [5_000, 50], 100, 1)).toEqual(["a"]);
    expect(touched([line], [5_000, 111], 100, 1)).toEqual([]);
    expect(touched([{ ...line, points: [7, 7] }], [7, 7], 0, 2)).toEqual(["a"]);
  });

  test("counts height in the board's shape", () => {
    expect(touched([line], [5_000, 200], 100, 2)).toEqual(["a"]);
  });

  test.each([[[0, 0, 500, 0, 1_000, 0]], [[7, 7]]])(
    "through %j has a closed outline near it",
    (points) => {
      const path = outline(points, 20, 16 / 9);
      expect(path).toMatch(/^M .* Z$/);
      const numbers = path.match(/-?\d+/g)?.map(Number) ?? [];
      expect(Math.min(...numbers)).toBeGreaterThanOrEqual(-25);
      expect(Math.max(...numbers)).toBeLessThanOrEqual(1_025);
    },
  );
});

test("a pointer is somewhere on the board, outside it on the edge", () => {
  const box = { left: 100, top: 50, width: 200, height: 100 };
  expect(placeAt({ clientX: 200, clientY: 100 }, box)).toEqual([5_000, 5_000]);
  expect(placeAt({ clientX: 0, clientY: 900 }, box)).toEqual([0, 10_000]);
});
