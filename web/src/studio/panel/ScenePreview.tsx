import { useQuery } from "@tanstack/react-query";
import { brandingQuery } from "../../branding/queries";
import { Previews } from "../../programme/Previews";
import type { Layout, SceneMetadata } from "../queries";

/** The scene as recording and streams will show it, in the school's colours. */
export function ScenePreview({ layout, metadata }: { layout: Layout; metadata: SceneMetadata }) {
  const { data } = useQuery(brandingQuery);
  return data && <Previews layout={layout} metadata={metadata} brand={data} />;
}
