import type { StoredEvent } from "../../sessions/events/eventFeed";

/** What a screen reader says of an event, or null for what is no news to the ear. */
export function announcementOf(
  { payload }: StoredEvent,
  nameOf: (participantId: string) => string,
  me: string,
): string | null {
  if (!("participantId" in payload) || payload.participantId === me) return general(payload);
  const name = nameOf(payload.participantId ?? "");
  switch (payload.type) {
    case "hand.raised":
      return `${name} raised a hand`;
    case "participant.joined":
      return `${name} joined`;
    case "participant.removed":
      return `${name} was removed`;
    default:
      return null;
  }
}

function general(payload: StoredEvent["payload"]): string | null {
  switch (payload.type) {
    case "room.locked":
      return "The class is locked";
    case "room.unlocked":
      return "The class is open again";
    default:
      return null;
  }
}
