import type { Schemas } from "../../api/client";
import type { StoredEvent } from "../../sessions/events/eventFeed";

export type Cue = Schemas["Cue"];

/** What was said after these events, as it reads now; without `grows` nothing is added. */
export function spokenAfter(
  known: readonly Cue[],
  events: readonly StoredEvent[],
  grows: boolean,
): Cue[] {
  const cues = new Map(known.map((cue) => [cue.segmentId, cue]));
  for (const { payload, sequence } of events) {
    if (payload.type === "caption.finalized") {
      if (grows) cues.set(payload.segmentId, heard(payload, sequence));
    } else if (payload.type === "caption.corrected") {
      const cue = cues.get(payload.segmentId);
      if (cue) cues.set(cue.segmentId, corrected(cue, payload.text));
    } else if (payload.type === "captions.redacted") {
      for (const cue of cues.values())
        if (cue.participantId === payload.participantId) cues.delete(cue.segmentId);
    }
  }
  return [...cues.values()].filter(({ text }) => text !== "");
}

/** In the order it was said, which is not that in which it was heard. */
export const inOrder = (cues: readonly Cue[]): Cue[] =>
  cues.toSorted((a, b) => a.startUnixMs - b.startUnixMs);

type Finalized = Extract<StoredEvent["payload"], { type: "caption.finalized" }>;

const heard = (caption: Finalized, sequence: number): Cue => ({
  sequence,
  segmentId: caption.segmentId,
  participantId: caption.participantId,
  startUnixMs: caption.startUnixMs,
  endUnixMs: caption.endUnixMs,
  text: caption.text,
  original: null,
  language: caption.language,
});

/** The first original is what was heard, however often it is corrected. */
const corrected = (cue: Cue, text: string): Cue => ({
  ...cue,
  text,
  original: cue.original ?? cue.text,
});
