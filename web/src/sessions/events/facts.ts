import type { StoredEvent } from "./eventFeed";

export interface SpokenLine {
  segmentId: string;
  participantId: string;
  text: string;
  startUnixMs: number;
}

/** What the room shows of the log. `destinationsAt` is the sequence of the last change to a destination. */
export interface SessionFacts {
  startedAt: string | null;
  ended: boolean;
  roles: ReadonlyMap<string, string>;
  names: ReadonlyMap<string, string>;
  spoken: readonly SpokenLine[];
  destinationsAt: number;
}

export function factsOf(events: readonly StoredEvent[]): SessionFacts {
  const roles = new Map<string, string>();
  const names = new Map<string, string>();
  const spoken: SpokenLine[] = [];
  let startedAt: string | null = null;
  let ended = false;
  let destinationsAt = 0;
  for (const { payload, sequence, createdAt } of events) {
    switch (payload.type) {
      case "session.started":
        startedAt ??= createdAt;
        break;
      case "session.ended":
        ended = true;
        break;
      case "participant.joined":
        roles.set(payload.participantId, payload.role);
        names.set(payload.participantId, payload.name);
        break;
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
  return { startedAt, ended, roles, names, spoken, destinationsAt };
}
