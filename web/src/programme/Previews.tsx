import { Group } from "@mantine/core";
import type { Schemas } from "../api/client";
import { Preview } from "./Preview";

interface PreviewsProps {
  layout: Schemas["SceneView"]["layout"];
  metadata: Schemas["SceneMetadata"];
  brand: Schemas["Branding"];
  backgroundUrl?: string | undefined;
}

/** Wide, as most platforms take it, and upright for telephones. */
export const Previews = (props: PreviewsProps) => (
  <Group gap="sm" align="center" wrap="nowrap">
    <div style={{ flex: 256 }}>
      <Preview {...props} width={1280} height={720} />
    </div>
    <div style={{ flex: 81 }}>
      <Preview {...props} width={720} height={1280} />
    </div>
  </Group>
);
