/** Rectangles on even pixels: the like of agents/media/geometry.py, held to the same cases (tests/data/layouts.json). */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Tile {
  id: string;
  rect: Rect;
}

/** Who and what there is to show: `everyone` in the order of coming, `front` who is pinned or speaks. */
export interface Cast {
  everyone: readonly string[];
  front: string | null;
  screen: string | null;
  surface: string | null;
}

export const GAP_PX = 8;

export const even = (value: number): number => Math.floor(value / 2) * 2;

const upright = ({ width, height }: Rect): boolean => height > width;

/** Even side of each of `count` cells that share `length` with a gap around each. */
export const cell = (count: number, length: number): number =>
  Math.max(2, even((length - (count + 1) * GAP_PX) / count));

export const inset = ({ x, y, width, height }: Rect): Rect => ({
  x: x + GAP_PX,
  y: y + GAP_PX,
  width: Math.max(2, even(width - 2 * GAP_PX)),
  height: Math.max(2, even(height - 2 * GAP_PX)),
});

/** Two equal places: side by side on a wide canvas, one above the other on an upright one. */
export function halves(area: Rect): [Rect, Rect] {
  const inner = inset(area);
  if (upright(area)) {
    const height = cell(2, area.height);
    return [
      { ...inner, height },
      { ...inner, height, y: inner.y + height + GAP_PX },
    ];
  }
  const width = cell(2, area.width);
  return [
    { ...inner, width },
    { ...inner, width, x: inner.x + width + GAP_PX },
  ];
}

/** A large place, and a strip of `share` of the canvas with `count` equal places: to its right, or below it. */
export function largeAndStrip(area: Rect, count: number, share: number): [Rect, Rect[]] {
  const inner = inset(area);
  const places = Array.from({ length: count }, (_, n) => n);
  if (upright(area)) {
    const height = even(area.height * share);
    const large = { ...inner, height: even(inner.height - height - GAP_PX) };
    const width = cell(count, area.width);
    const y = large.y + large.height + GAP_PX;
    return [large, places.map((n) => ({ x: inner.x + n * (width + GAP_PX), y, width, height }))];
  }
  const width = even(area.width * share);
  const large = { ...inner, width: even(inner.width - width - GAP_PX) };
  const height = cell(count, area.height);
  const x = large.x + large.width + GAP_PX;
  return [large, places.map((n) => ({ x, y: inner.y + n * (height + GAP_PX), width, height }))];
}

/** A small 16:9 picture in the lower right corner. */
export function corner(area: Rect): Rect {
  const width = even(area.width * (upright(area) ? 0.4 : 0.2));
  const height = even((width * 9) / 16);
  return {
    x: area.x + area.width - width - 2 * GAP_PX,
    y: area.y + area.height - height - 2 * GAP_PX,
    width,
    height,
  };
}
