import type { TrackReferenceOrPlaceholder } from "@livekit/components-react";
import { type Participant, ParticipantKind, Track } from "livekit-client";

/** Agents, recorders and their like are in the room but are nobody. */
export const isPerson = (participant: Pick<Participant, "kind">): boolean =>
  participant.kind !== ParticipantKind.AGENT && participant.kind !== ParticipantKind.EGRESS;

/** More tiles than this are too small to read; the rest are in the list of people. */
export const MAX_TILES = 16;

export interface StagePlan {
  screen: TrackReferenceOrPlaceholder | null;
  tiles: TrackReferenceOrPlaceholder[];
  /** People who have no tile. */
  hidden: number;
}

/** Who is seen where: a shared screen in front, `lead` first, then the teacher, then as they came. */
export function planStage(
  tracks: readonly TrackReferenceOrPlaceholder[],
  roles: ReadonlyMap<string, string>,
  lead: string | null = null,
): StagePlan {
  const people = tracks.filter((track) => isPerson(track.participant));
  const screen = people.find((track) => track.source === Track.Source.ScreenShare) ?? null;
  const cameras = people.filter((track) => track.source === Track.Source.Camera);
  const rank = ({ participant: { identity } }: TrackReferenceOrPlaceholder) => {
    if (identity === lead) return 0;
    return roles.get(identity) === "teacher" ? 1 : 2;
  };
  const ordered = [...cameras].sort((a, b) => rank(a) - rank(b));
  return {
    screen,
    tiles: ordered.slice(0, MAX_TILES),
    hidden: Math.max(0, ordered.length - MAX_TILES),
  };
}

export interface Grid {
  columns: number;
  tileWidth: number;
}

const ASPECT = 16 / 9;

/** The columns that make `count` 16:9 tiles largest in a stage of `width` by `height`, all in CSS pixels. */
export function gridFor(count: number, width: number, height: number, gap: number): Grid {
  let best: Grid = { columns: 1, tileWidth: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const byWidth = (width - gap * (columns - 1)) / columns;
    const byHeight = ((height - gap * (rows - 1)) / rows) * ASPECT;
    const tileWidth = Math.floor(Math.min(byWidth, byHeight));
    if (tileWidth > best.tileWidth) best = { columns, tileWidth };
  }
  return best;
}
