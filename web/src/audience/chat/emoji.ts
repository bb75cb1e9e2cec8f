import type { Schemas } from "../../api/client";

export type Emoji = Schemas["Reaction"]["emoji"];

/** The reactions there are, with how they look and how they are read aloud. */
export const EMOJI: Record<Emoji, { sign: string; name: string }> = {
  thumbs_up: { sign: "👍", name: "thumbs up" },
  heart: { sign: "❤️", name: "heart" },
  laugh: { sign: "😄", name: "laugh" },
  surprised: { sign: "😮", name: "surprised" },
  celebrate: { sign: "🎉", name: "celebrate" },
  thinking: { sign: "🤔", name: "thinking" },
};

export const ALL_EMOJI = Object.keys(EMOJI) as Emoji[];
