import type { StoredEvent } from "../events/eventFeed";
import type { SessionView } from "./session";

type Chat = SessionView["chat"];

/** The rules of the chat, who is muted in it, and what is pinned on top. */
export function chat(known: Chat, { payload }: StoredEvent): Chat {
  switch (payload.type) {
    case "chat.rules_changed":
      return { ...known, open: payload.open, slowModeS: payload.slowModeS };
    case "chat.muted":
      return {
        ...known,
        muted: [...without(known.muted, payload.participantId), payload.participantId],
      };
    case "chat.unmuted":
      return { ...known, muted: without(known.muted, payload.participantId) };
    case "chat.pinned":
      return { ...known, pins: [...without(known.pins, payload.messageId), payload.messageId] };
    case "chat.unpinned":
    case "chat.deleted":
      return known.pins.includes(payload.messageId)
        ? { ...known, pins: without(known.pins, payload.messageId) }
        : known;
    default:
      return known;
  }
}

const without = (ids: string[], id: string): string[] => ids.filter((one) => one !== id);
