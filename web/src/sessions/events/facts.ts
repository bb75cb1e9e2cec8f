import type { EventLog } from "./eventFeed";

/** What the room shows of the class. `destinationsAt` is the sequence of the last change to a destination. */
export interface SessionFacts {
  startedAt: string | null;
  ended: boolean;
  roles: ReadonlyMap<string, string>;
  names: ReadonlyMap<string, string>;
  destinationsAt: number;
}

/** The state knows people and times; where it is sent to stands only in the events. */
export function factsOf({ view, events }: EventLog): SessionFacts {
  let destinationsAt = 0;
  for (const { payload, sequence } of events) {
    switch (payload.type) {
      case "destinations.selected":
      case "destination.changed":
        destinationsAt = sequence;
        break;
    }
  }
  return {
    startedAt: view.startedAt,
    ended: view.status === "ended",
    roles: new Map(view.participants.map(({ id, role }) => [id, role])),
    names: new Map(view.participants.map(({ id, name }) => [id, name])),
    destinationsAt,
  };
}
