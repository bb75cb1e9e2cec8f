import { useLocalParticipantPermissions } from "@livekit/components-react";
import { Track } from "livekit-client";
import type { Schemas } from "../api/client";

export type Permissions = Schemas["Permissions"];
export type Source = Permissions["publish"][number];

/** LiveKit's numbers of our sources, as they stand in a participant's rights. */
const NUMBERS: Record<Source, number> = { camera: 1, microphone: 2, screen_share: 3 };

interface Rights {
  canPublish: boolean;
  canPublishSources: number[];
}

/** Whether these rights of a LiveKit participant let them send the source; no list means all of them. */
export function maySend(rights: Rights | undefined, source: Source): boolean {
  if (!rights?.canPublish) return false;
  return (
    rights.canPublishSources.length === 0 || rights.canPublishSources.includes(NUMBERS[source])
  );
}

/** Whether we may send this source now; changes as soon as the room does. */
export function useMaySend(source: Source): boolean {
  return maySend(useLocalParticipantPermissions(), source);
}

export type Sendable = Track.Source.Camera | Track.Source.Microphone | Track.Source.ScreenShare;

export const SOURCE_OF: Record<Sendable, Source> = {
  [Track.Source.Camera]: "camera",
  [Track.Source.Microphone]: "microphone",
  [Track.Source.ScreenShare]: "screen_share",
};

export const withSource = ({ publish }: Permissions, source: Source): Source[] => [
  ...new Set([...publish, source]),
];

export const withoutSource = ({ publish }: Permissions, source: Source): Source[] =>
  publish.filter((one) => one !== source);
