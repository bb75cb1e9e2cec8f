import type { Schemas } from "../api/client";
import {
  type Cast,
  cell,
  corner,
  even,
  GAP_PX,
  halves,
  largeAndStrip,
  type Rect,
  type Tile,
} from "./geometry";

type Layout = Schemas["SceneView"]["layout"];
type Arrange = (cast: Cast, area: Rect) => Tile[];

const STRIP_TILES = 4;

const people = ({ everyone, screen }: Cast): string[] => everyone.filter((one) => one !== screen);

const alone = (id: string | null, rect: Rect): Tile[] => (id ? [{ id, rect }] : []);

function grid({ everyone }: Cast, area: Rect): Tile[] {
  const count = everyone.length;
  if (count < 2) return everyone.map((id) => ({ id, rect: area }));
  const columns = bestColumns(count, area);
  const rows = Math.ceil(count / columns);
  const [width, height] = [cell(columns, area.width), cell(rows, area.height)];
  const top = area.y + even((area.height - rows * height - (rows - 1) * GAP_PX) / 2);
  return everyone.map((id, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const inRow = Math.min(columns, count - row * columns);
    const left = area.x + even((area.width - inRow * width - (inRow - 1) * GAP_PX) / 2);
    const [x, y] = [left + column * (width + GAP_PX), top + row * (height + GAP_PX)];
    return { id, rect: { x, y, width, height } };
  });
}

/** With which 16:9 pictures are largest; the fewest of those that are alike. */
function bestColumns(count: number, area: Rect): number {
  const size = (columns: number) => {
    const rows = Math.ceil(count / columns);
    return Math.min(cell(columns, area.width), (cell(rows, area.height) * 16) / 9);
  };
  let best = 1;
  for (let columns = 2; columns <= count; columns++) if (size(columns) > size(best)) best = columns;
  return best;
}

function speaker({ everyone, front }: Cast, area: Rect): Tile[] {
  if (!front) return [];
  const others = everyone.filter((one) => one !== front).slice(0, STRIP_TILES);
  if (others.length === 0) return alone(front, area);
  const [large, strip] = largeAndStrip(area, STRIP_TILES, 0.2);
  return [{ id: front, rect: large }, ...others.flatMap((id, n) => alone(id, strip[n] ?? large))];
}

function sideBySide(cast: Cast, area: Rect): Tile[] {
  const [first, second, ...more] = people(cast);
  if (!first || !second) return alone(first ?? null, area);
  const other = cast.front && more.includes(cast.front) ? cast.front : second;
  const [left, right] = halves(area);
  return [
    { id: first, rect: left },
    { id: other, rect: right },
  ];
}

const single: Arrange = ({ front }, area) => alone(front, area);

const slidesSpeaker: Arrange = (cast, area) =>
  cast.surface
    ? [...alone(cast.surface, area), ...alone(cast.front, corner(area))]
    : single(cast, area);

function screenSpeaker(cast: Cast, area: Rect): Tile[] {
  if (!cast.screen) return single(cast, area);
  if (!cast.front) return alone(cast.screen, area);
  const [large, [beside]] = largeAndStrip(area, 1, 0.22);
  return [...alone(cast.screen, large), ...alone(cast.front, beside ?? large)];
}

/** The like of agents/media/layouts: our compositor draws the same. Slates have no tiles. */
export const ARRANGE: Record<Layout, Arrange> = {
  grid,
  speaker,
  side_by_side: sideBySide,
  slides_speaker: slidesSpeaker,
  screen_speaker: screenSpeaker,
  slides: ({ surface }, area) => alone(surface, area),
  single,
  audio_only: (cast, area) => grid({ ...cast, everyone: people(cast) }, area),
  countdown: () => [],
  waiting: () => [],
};
