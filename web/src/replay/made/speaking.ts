import type { Replay } from "../queries";

/** Somebody's own recordings; a person who came twice has two. */
export const recordingsOf = (
  recordings: Replay["recordings"],
  participantId: string,
): Replay["recordings"] =>
  recordings.filter((one) => one.kind === "speaker" && one.participantId === participantId);
