import type { Schemas } from "../../api/client";
import type { StoredEvent } from "../events/eventFeed";
import type { SessionView } from "./session";

type People = SessionView["participants"];
type Person = People[number];
type Payload = StoredEvent["payload"];
type Permissions = Schemas["Permissions"];

const SILENT: Permissions = { publish: [], draw: false };
const SPEAKING: Permissions = { publish: ["camera", "microphone"], draw: false };
const EVERYTHING: Permissions = { publish: ["camera", "microphone", "screen_share"], draw: true };

/** Who is or was in the class, in the order in which they first came. */
export function people(known: People, event: StoredEvent): People {
  const { payload, createdAt } = event;
  switch (payload.type) {
    case "participant.joined":
      return joined(known, payload, createdAt);
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
    case "rules.changed":
      return ruled(known, payload.studentsMayPublish);
    default:
      return ordered(known, event);
  }
}

/** What was said to one participant. */
function ordered(known: People, { payload, createdAt }: StoredEvent): People {
  switch (payload.type) {
    case "participant.permissions_changed":
      return changed(known, payload.participantId, () => ({ permissions: payload.permissions }));
    case "hand.raised":
      return changed(known, payload.participantId, () => ({ handRaisedAt: createdAt }));
    case "hand.lowered":
      return changed(known, payload.participantId, () => ({ handRaisedAt: null }));
    case "participant.removed":
      return changed(known, payload.participantId, () => ({ removed: true }));
    case "participant.readmitted":
      return changed(known, payload.participantId, () => ({ removed: false }));
    default:
      return known;
  }
}

type Joined = Extract<Payload, { type: "participant.joined" }>;

function joined(known: People, payload: Joined, createdAt: string): People {
  const { participantId: id, name, role } = payload;
  const permissions = payload.permissions ?? (role === "student" ? SPEAKING : EVERYTHING);
  const entered = { name, role, permissions, leftAt: null };
  if (known.some((one) => one.id === id)) return changed(known, id, () => entered);
  const guest = payload.guest ?? false;
  const fresh = { connections: 0, handRaisedAt: null, removed: false, guest };
  return [...known, { id, ...entered, ...fresh, joinedAt: createdAt }];
}

/** A rule sets what a student may publish, and leaves the whiteboard as it is. */
function ruled(known: People, studentsMayPublish: boolean): People {
  const { publish } = studentsMayPublish ? SPEAKING : SILENT;
  return known.map((one) =>
    one.role === "student" ? { ...one, permissions: { ...one.permissions, publish } } : one,
  );
}

const changed = (known: People, id: string, change: (person: Person) => Partial<Person>): People =>
  known.map((one) => (one.id === id ? { ...one, ...change(one) } : one));
