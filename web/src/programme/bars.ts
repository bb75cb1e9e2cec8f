import { even, type Rect } from "./geometry";

/** What sizes of texts and bars are counted in: a twelfth of the shorter side (agents/media/picture/bars.py). */
export const unitOf = ({ width, height }: { width: number; height: number }): number =>
  even(Math.min(width, height) / 12);

/** What the title's bar leaves to the pictures. */
export function pictureArea(width: number, height: number, titled: boolean): Rect {
  const bar = titled ? unitOf({ width, height }) : 0;
  return { x: 0, y: bar, width, height: height - bar };
}

/** Light or dark, whichever can be read on `#rrggbb`. */
export function inkOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    Number.parseInt(color.slice(at, at + 2), 16),
  );
  return 0.299 * red + 0.587 * green + 0.114 * blue > 150 ? "#10141a" : "#f0f4f8";
}
