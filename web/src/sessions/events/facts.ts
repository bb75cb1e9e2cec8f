import type { EventLog } from "./eventFeed";

export interface SpokenLine {
  segmentId: string;
  participantId: string;
  text: string;
  startUnixMs: number;
}

/** What the room shows of the class. `destinationsAt` is the sequence of the last change to a destination. */
export interface SessionFacts {
  startedAt: string | null;
  ended: boolean;
  roles: ReadonlyMap<string, string>;
  names: ReadonlyMap<string, string>;
  spoken: readonly SpokenLine[];
  destinationsAt: number;
}

/** The state knows people and times; what was said and sent out since one came in stands only in the events. */
export function factsOf({ view, events }: EventLog): SessionFacts {
  const spoken: SpokenLine[] = [];
  let destinationsAt = 0;
  for (const { payload, sequence } of events) {
    switch (payload.type) {
      case "caption.finalized":
        spoken.push(payload);
        break;
      case "destinations.selected":
      case "destination.changed":
        destinationsAt = sequence;
        break;
    }
  }
  spoken.sort((a, b) => a.startUnixMs - b.startUnixMs);
  return {
    startedAt: view.startedAt,
    ended: view.status === "ended",
    roles: new Map(view.participants.map(({ id, role }) => [id, role])),
    names: new Map(view.participants.map(({ id, name }) => [id, name])),
    spoken,
    destinationsAt,
  };
}
