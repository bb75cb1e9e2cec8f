import type { SessionView } from "../sessions/state/session";
import type { Asset, Scene } from "./queries";

type Known = SessionView["studio"]["assets"][number];

/** One page of an asset; pages count from 1. */
export interface Slide {
  assetId: string;
  page: number;
  /** Width by height. */
  aspect: number;
}

/** The slides of a scene, asset by asset. */
export const slidesOf = (scene: Scene, assets: readonly Known[]): Slide[] =>
  scene.assets.flatMap((id) => pagesOf(assets.find((asset) => asset.id === id)));

const pagesOf = (asset: Known | undefined): Slide[] =>
  (asset?.pages ?? []).map(({ widthPx, heightPx }, index) => ({
    assetId: asset?.id ?? "",
    page: index + 1,
    aspect: widthPx / heightPx,
  }));

/** Where in `slides` the scene is, or -1 while it shows none. */
export const placeOf = (scene: Scene, slides: readonly Slide[]): number =>
  slides.findIndex(
    ({ assetId, page }) => assetId === scene.slide?.assetId && page === scene.slide.page,
  );

/** The slide `step` further on, or null past either end; before the first step comes the first slide. */
export function turned(scene: Scene, slides: readonly Slide[], step: 1 | -1): Slide | null {
  const place = placeOf(scene, slides);
  if (place < 0) return slides[0] ?? null;
  return slides[place + step] ?? null;
}

/** Of the slides asked for one after the other those still to come, now that this one is here; none once somebody else has turned. */
export function stillToCome(asked: readonly Slide[], here: Slide | null): Slide[] {
  const place = asked.findIndex(
    ({ assetId, page }) => assetId === here?.assetId && page === here.page,
  );
  return place < 0 ? [] : asked.slice(place + 1);
}

/** The links to a slide, as long as they are known. */
export const linksOf = (
  assets: readonly Asset[],
  { assetId, page }: Pick<Slide, "assetId" | "page">,
) => assets.find((asset) => asset.id === assetId)?.pages[page - 1];
