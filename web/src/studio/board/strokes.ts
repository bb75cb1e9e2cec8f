import { getStroke } from "perfect-freehand";
import type { Schemas } from "../../api/client";
import type { StoredEvent } from "../../sessions/events/eventFeed";

/** Places are in a grid of this many steps over width and height of a board, whatever its size on the screen. */
export const GRID = 10_000;

/** Across and down in the grid. */
export type Place = readonly [number, number];

export type DrawnStroke = Schemas["DrawnStroke"];

/** The strokes of one board after these events; what is not of this board changes nothing. */
export function redraw(
  known: readonly DrawnStroke[],
  boardId: string,
  events: readonly StoredEvent[],
): readonly DrawnStroke[] {
  return events.reduce((strokes, { payload }) => {
    if (!("boardId" in payload) || payload.boardId !== boardId) return strokes;
    switch (payload.type) {
      case "whiteboard.drawn":
        return payload.strokes.reduce(
          (drawn, stroke) =>
            grown(drawn, { ...stroke, userId: payload.userId, page: payload.page }),
          strokes,
        );
      case "whiteboard.erased":
        return strokes.filter(({ id }) => !payload.strokes.includes(id));
      case "whiteboard.cleared":
        return strokes.filter(({ page }) => page !== payload.page);
      default:
        return strokes;
    }
  }, known);
}

/** A stroke that is known goes on where it ended. */
function grown(known: readonly DrawnStroke[], more: DrawnStroke): DrawnStroke[] {
  const place = known.findIndex(({ id }) => id === more.id);
  const before = known[place];
  if (!before) return [...known, more];
  return known.with(place, { ...before, points: [...before.points, ...more.points] });
}

/** The outline of a stroke as an SVG path on a board of GRID by GRID / `aspect`. */
export function outline(points: readonly number[], width: number, aspect: number): string {
  const edge = getStroke(pairs(points, aspect), {
    size: width,
    thinning: 0.4,
    smoothing: 0.5,
    streamline: 0.35,
  });
  const [first, ...rest] = edge.map(([x = 0, y = 0]) => `${Math.round(x)} ${Math.round(y)}`);
  return first ? `M ${first} L ${rest.join(" L ")} Z` : "";
}

/** The strokes that pass within `radius` of a place. */
export function touched(
  strokes: readonly DrawnStroke[],
  [x, y]: readonly [number, number],
  radius: number,
  aspect: number,
): string[] {
  return strokes
    .filter(({ points, width }) =>
      segments(pairs(points, aspect)).some(
        ([from, to]) => distance([x, y / aspect], from, to) <= radius + width / 2,
      ),
    )
    .map(({ id }) => id);
}

/** Where on the board a pointer is; outside counts as the edge. */
export function placeAt(
  pointer: { clientX: number; clientY: number },
  box: { left: number; top: number; width: number; height: number },
): Place {
  const step = (part: number) => Math.round(Math.min(1, Math.max(0, part)) * GRID);
  return [
    step((pointer.clientX - box.left) / box.width),
    step((pointer.clientY - box.top) / box.height),
  ];
}

type Point = [number, number];

const pairs = (points: readonly number[], aspect: number): Point[] =>
  Array.from({ length: points.length / 2 }, (_, n) => [
    points[2 * n] ?? 0,
    (points[2 * n + 1] ?? 0) / aspect,
  ]);

const segments = (points: readonly Point[]): [Point, Point][] =>
  points.map((point, n) => [points[n - 1] ?? point, point]);

/** From a point to the line between two others. */
function distance([x, y]: Point, [x1, y1]: Point, [x2, y2]: Point): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const along = length ? Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length)) : 0;
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}
