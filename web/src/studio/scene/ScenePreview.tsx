import { useQuery } from "@tanstack/react-query";
import { brandingQuery } from "../../branding/queries";
import { Previews } from "../../programme/Previews";
import type { Layout, SceneMetadata } from "../queries";

interface ScenePreviewProps {
  layout: Layout;
  metadata: SceneMetadata;
  backgroundUrl: string | undefined;
}

/** The scene as recording and streams will show it, in the school's colours. */
export function ScenePreview(props: ScenePreviewProps) {
  const { data } = useQuery(brandingQuery);
  return data && <Previews {...props} brand={data} />;
}
