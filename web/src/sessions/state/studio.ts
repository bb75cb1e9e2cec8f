import type { StoredEvent } from "../events/eventFeed";
import type { SessionView } from "./session";

type Studio = SessionView["studio"];
type Scene = Studio["scenes"][number];

/** Scenes, uploads and what of them the class sees. */
export function studio(known: Studio, { payload, sequence }: StoredEvent): Studio {
  switch (payload.type) {
    case "scene.created": {
      const { sceneId: id, name, layout, metadata } = payload;
      const scene: Scene = { id, name, layout, metadata, assets: [], slide: null, sequence };
      return { ...known, scenes: [...known.scenes, scene] };
    }
    case "scene.changed": {
      const { name, layout, metadata, assets, slide } = payload;
      const change = { name, layout, metadata, assets, slide, sequence };
      return { ...known, scenes: changed(known.scenes, payload.sceneId, change) };
    }
    case "scene.activated": {
      const scenes = changed(known.scenes, payload.sceneId, { sequence });
      return { ...known, scenes, activeScene: payload.sceneId };
    }
    case "scene.deactivated":
      return { ...known, activeScene: null };
    case "scene.deleted":
      return deleted(known, payload.sceneId);
    case "asset.added": {
      const { assetId: id, assetType: type, name, pages } = payload;
      return { ...known, assets: [...known.assets, { id, type, name, pages }] };
    }
    case "asset.removed":
      return { ...known, assets: known.assets.filter((asset) => asset.id !== payload.assetId) };
    case "whiteboard.shown":
      return { ...known, whiteboard: true };
    case "whiteboard.hidden":
      return { ...known, whiteboard: false };
    default:
      return known;
  }
}

const changed = (scenes: Scene[], id: string, change: Partial<Scene>): Scene[] =>
  scenes.map((scene) => (scene.id === id ? { ...scene, ...change } : scene));

const deleted = (known: Studio, id: string): Studio => ({
  ...known,
  scenes: known.scenes.filter((scene) => scene.id !== id),
  activeScene: known.activeScene === id ? null : known.activeScene,
});
