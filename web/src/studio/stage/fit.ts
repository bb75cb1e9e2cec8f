export interface Box {
  width: number;
  height: number;
}

/** The largest box of this shape (width by height) inside another, in CSS pixels. */
export function fitted({ width, height }: Box, aspect: number): Box {
  const byWidth = { width, height: width / aspect };
  return byWidth.height <= height ? byWidth : { width: height * aspect, height };
}

/** What a countdown says, from `nowMs` on: hours only when there are some; null when its time has come. */
export function countdown(untilMs: number, nowMs: number): string | null {
  const left = Math.ceil((untilMs - nowMs) / 1_000);
  if (!(left > 0)) return null;
  const two = (part: number) => String(part).padStart(2, "0");
  const [hours, minutes, seconds] = [left / 3_600, (left / 60) % 60, left % 60].map(Math.floor);
  const rest = `${two(minutes ?? 0)}:${two(seconds ?? 0)}`;
  return hours ? `${hours}:${rest}` : rest;
}
