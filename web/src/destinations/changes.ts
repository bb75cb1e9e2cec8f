import type { Problem } from "../api/problem";
import type { Destination, DestinationUpdate } from "./queries";

export interface EditedFields {
  name: string;
  url: string;
  /** Empty means: the stored key stays. */
  streamKey: string;
}

/** Only what differs from what is stored. */
export function changesOf(stored: Destination, edited: EditedFields): DestinationUpdate["changes"] {
  return {
    ...(edited.name.trim() !== stored.name && { name: edited.name.trim() }),
    ...(edited.url.trim() !== "" && edited.url.trim() !== stored.url && { url: edited.url.trim() }),
    ...(edited.streamKey !== "" && { streamKey: edited.streamKey }),
  };
}

/** Of a platform's connected account: it has no stream key of its own to show or to change. */
export const isAccount = ({ type, keyHint }: Destination): boolean =>
  type !== "rtmp" && keyHint === null;

/** The refusal's message when it is about this field. */
export const about = (problem: Problem | null, field: string): string | null =>
  problem?.field === field ? problem.message : null;
