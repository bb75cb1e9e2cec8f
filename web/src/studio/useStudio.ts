import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { EventLog } from "../sessions/events/eventFeed";
import type { SessionView } from "../sessions/state/session";
import { type Asset, assetsQuery, type Scene } from "./queries";
import { type Slide, slidesOf } from "./slides";

export interface Studio {
  sessionId: string;
  view: SessionView["studio"];
  /** The scene that the class sees; null is the default layout. */
  active: Scene | null;
  /** The slides of the active scene, and the one that is shown. */
  slides: readonly Slide[];
  slide: Slide | null;
  /** Uploads with links to their pages, as far as they are loaded. */
  assets: readonly Asset[];
  log: EventLog;
}

/** What the log says of the studio; links are fetched when uploads come and before they go stale. */
export function useStudio(sessionId: string, log: EventLog): Studio {
  const { studio: view } = log.view;
  const query = useQuery({ ...assetsQuery(sessionId), enabled: view.assets.length > 0 });
  const { refetch } = query;
  const known = view.assets.map((asset) => asset.id).join();
  useEffect(() => {
    if (known) void refetch();
  }, [known, refetch]);
  const active = view.scenes.find((scene) => scene.id === view.activeScene) ?? null;
  const slides = active ? slidesOf(active, view.assets) : [];
  const at = active?.slide;
  const slide = slides.find((one) => one.assetId === at?.assetId && one.page === at.page) ?? null;
  return { sessionId, view, active, slides, slide, assets: query.data?.items ?? [], log };
}
