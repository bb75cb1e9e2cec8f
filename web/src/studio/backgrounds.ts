import type { SceneMetadata } from "./queries";
import { linksOf } from "./slides";
import type { Studio } from "./useStudio";

/** The link to the picture under the people, as long as it is known. */
export function backgroundOf(
  { assets }: Studio,
  { backgroundAssetId }: SceneMetadata,
): string | undefined {
  if (!backgroundAssetId) return undefined;
  return linksOf(assets, { assetId: backgroundAssetId, page: 1 })?.contentUrl;
}
