import {
  type Icon,
  IconClock,
  IconColumns2,
  IconDeviceDesktop,
  IconHeadphones,
  IconHourglass,
  IconLayoutGrid,
  IconLayoutSidebarRight,
  IconPresentation,
  IconSlideshow,
  IconUser,
} from "@tabler/icons-react";
import type { Layout } from "./queries";

export const LAYOUTS: Record<Layout, { label: string; icon: Icon }> = {
  grid: { label: "Everybody", icon: IconLayoutGrid },
  speaker: { label: "Speaker", icon: IconLayoutSidebarRight },
  side_by_side: { label: "Side by side", icon: IconColumns2 },
  slides_speaker: { label: "Slides and speaker", icon: IconPresentation },
  slides: { label: "Slides only", icon: IconSlideshow },
  screen_speaker: { label: "Screen and speaker", icon: IconDeviceDesktop },
  single: { label: "One person", icon: IconUser },
  audio_only: { label: "Sound only", icon: IconHeadphones },
  countdown: { label: "Countdown", icon: IconClock },
  waiting: { label: "Please wait", icon: IconHourglass },
};

export const layoutNames = Object.keys(LAYOUTS) as Layout[];

/** What fills the stage, and who stands beside it. */
export interface Shape {
  main: "people" | "speaker" | "pair" | "screen" | "slides" | "board" | "countdown" | "waiting";
  beside: "nobody" | "speaker" | "others";
  /** Whether cameras are seen at all. */
  pictures: boolean;
}

const shape = (main: Shape["main"], beside: Shape["beside"] = "nobody"): Shape => ({
  main,
  beside,
  pictures: true,
});

/** `layout` null is the default: a shared screen in front as soon as there is one. */
export function shapeOf(layout: Layout | null, has: { screen: boolean; board: boolean }): Shape {
  if (has.board) return shape("board", "speaker");
  switch (layout) {
    case null:
      return has.screen ? shape("screen", "others") : shape("people");
    case "grid":
      return shape("people");
    case "speaker":
      return shape("speaker", "others");
    case "side_by_side":
      return shape("pair");
    case "slides_speaker":
      return shape("slides", "speaker");
    case "screen_speaker":
      return has.screen ? shape("screen", "speaker") : shape("speaker");
    case "slides":
      return shape("slides");
    case "single":
      return shape("speaker");
    case "audio_only":
      return { ...shape("people"), pictures: false };
    case "countdown":
    case "waiting":
      return shape(layout);
  }
}

/** Layouts in which who speaks comes to the front, unless somebody is pinned. */
export const followsSpeaker = (layout: Layout | null): boolean =>
  layout === "speaker" || layout === "single" || layout === "screen_speaker";

export const showsSlides = (layout: Layout): boolean =>
  layout === "slides" || layout === "slides_speaker";
