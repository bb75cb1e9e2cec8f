import type { StoredEvent } from "../events/eventFeed";
import type { SessionView } from "./session";

type People = SessionView["participants"];
type Person = People[number];

/** Who is or was in the class, in the order in which they first came. */
export function people(known: People, { payload, createdAt }: StoredEvent): People {
  switch (payload.type) {
    case "participant.joined": {
      const { participantId: id, name, role } = payload;
      const back = known.some((one) => one.id === id);
      if (back) return changed(known, id, () => ({ name, role, leftAt: null }));
      return [...known, { id, name, role, joinedAt: createdAt, leftAt: null, connections: 0 }];
    }
    case "participant.connected":
      return changed(known, payload.participantId, ({ connections }) => ({
        connections: connections + 1,
        leftAt: null,
      }));
    case "participant.left":
      return changed(known, payload.participantId, ({ connections, leftAt }) => ({
        connections: connections - 1,
        leftAt: connections > 1 ? leftAt : createdAt,
      }));
    default:
      return known;
  }
}

const changed = (known: People, id: string, change: (person: Person) => Partial<Person>): People =>
  known.map((one) => (one.id === id ? { ...one, ...change(one) } : one));
