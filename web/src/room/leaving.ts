import { DisconnectReason } from "livekit-client";

/** Why one is no longer in the room: by choice, because class is over, or for a reason that can be mended. */
export type Departure = { kind: "left" } | { kind: "ended" } | { kind: "lost"; text: string };

export function departureFor(reason: DisconnectReason | undefined): Departure {
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
    case DisconnectReason.SERVER_SHUTDOWN:
      return { kind: "lost", text: "The media server is restarting. Join again in a moment." };
    default:
      return { kind: "lost", text: "The connection to the class broke off. Join again." };
  }
}
