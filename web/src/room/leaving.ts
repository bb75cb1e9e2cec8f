import { DisconnectReason } from "livekit-client";

/** Why one is no longer in the room: by choice, because class is over, or because one was put out. */
export type Departure = { kind: "left" } | { kind: "ended" } | { kind: "lost"; text: string };

/** What LiveKit's reason means; null when only the connection is gone: then one stays in the class without media. */
export function departureFor(reason: DisconnectReason | undefined): Departure | null {
  switch (reason) {
    case DisconnectReason.CLIENT_INITIATED:
      return { kind: "left" };
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return { kind: "ended" };
    case DisconnectReason.DUPLICATE_IDENTITY:
      return {
        kind: "lost",
        text: "You joined this class in another window or on another device.",
      };
    case DisconnectReason.PARTICIPANT_REMOVED:
      return { kind: "lost", text: "You were removed from the class." };
    default:
      return null;
  }
}
