import { expect, test } from "vitest";
import { followsSpeaker, layoutNames, type Shape, shapeOf } from "./layouts";
import type { Scene } from "./queries";
import { placeOf, slidesOf, stillToCome, turned } from "./slides";

const scene = (assets: string[], slide: Scene["slide"] = null): Scene => ({
  id: "s",
  name: "Lesson",
  layout: "slides",
  metadata: {},
  assets,
  slide,
  sequence: 1,
});
const wide = { widthPx: 1_920, heightPx: 1_080 };
const assets = [
  { id: "a", type: "slide" as const, name: "a.pdf", pages: [wide, wide] },
  { id: "b", type: "image" as const, name: "b.png", pages: [{ widthPx: 500, heightPx: 1_000 }] },
];

test("the slides of a scene are the pages of its assets, in its order", () => {
  const slides = slidesOf(scene(["b", "gone", "a"]), assets);
  expect(slides.map(({ assetId, page }) => `${assetId}${page}`)).toEqual(["b1", "a1", "a2"]);
  expect(slides.map(({ aspect }) => aspect)).toEqual([0.5, 16 / 9, 16 / 9]);
});

test("turning goes through all assets and stops at both ends", () => {
  const slides = slidesOf(scene(["a", "b"]), assets);
  const at = (assetId: string, page: number) => scene(["a", "b"], { assetId, page });
  expect(turned(at("a", 1), slides, 1)).toMatchObject({ assetId: "a", page: 2 });
  expect(turned(at("a", 2), slides, 1)).toMatchObject({ assetId: "b", page: 1 });
  expect(turned(at("b", 1), slides, 1)).toBeNull();
  expect(turned(at("a", 1), slides, -1)).toBeNull();
  expect(turned(scene(["a"]), slides, -1)).toMatchObject({ assetId: "a", page: 1 });
  expect(turned(scene([]), [], 1)).toBeNull();
  expect(placeOf(at("b", 1), slides)).toBe(2);
});

test("quick presses count on while the first of them arrive, and no more once somebody else has turned", () => {
  const [first = null, second = null, third = null] = slidesOf(scene(["a", "b"]), assets);
  const asked = [second, third].filter((one) => one !== null);
  expect(stillToCome(asked, second)).toEqual([third]);
  expect(stillToCome(asked, third)).toEqual([]);
  expect(stillToCome(asked, first)).toEqual([]);
  expect(stillToCome(asked, null)).toEqual([]);
});

test.each<[Parameters<typeof shapeOf>[0], boolean, boolean, Shape["main"], Shape["beside"]]>([
  [null, false, false, "people", "nobody"],
  [null, true, false, "screen", "others"],
  ["grid", true, false, "people", "nobody"],
  ["speaker", false, false, "speaker", "others"],
  ["slides_speaker", true, false, "slides", "speaker"],
  ["screen_speaker", true, false, "screen", "speaker"],
  ["screen_speaker", false, false, "speaker", "nobody"],
  ["slides", true, true, "board", "speaker"],
  ["countdown", true, false, "countdown", "nobody"],
])("%s with screen %s and board %s shows %s beside %s", (layout, screen, board, main, beside) => {
  expect(shapeOf(layout, { screen, board })).toMatchObject({ main, beside });
});

test("only sound means no pictures, and a lecturer stays beside slides whoever speaks", () => {
  const silent = layoutNames.filter(
    (layout) => !shapeOf(layout, { screen: false, board: false }).pictures,
  );
  expect(silent).toEqual(["audio_only"]);
  expect([followsSpeaker("speaker"), followsSpeaker("slides_speaker")]).toEqual([true, false]);
});
