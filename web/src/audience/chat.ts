import type { StoredEvent } from "../sessions/events/eventFeed";
import type { Emoji } from "./emoji";

export interface ChatLine {
  id: string;
  participantId: string;
  content: string;
  sentAt: string;
  edited: boolean;
  /** Who reacted how. */
  reactions: ReadonlyMap<Emoji, ReadonlySet<string>>;
  /** Its place in the log. */
  sequence: number;
}

/** The chat as the log tells it, oldest first; what was deleted is gone. */
export function chatOf(events: readonly StoredEvent[]): ChatLine[] {
  const lines = new Map<string, ChatLine>();
  for (const event of events) {
    const { payload } = event;
    if (payload.type === "chat.sent") {
      lines.set(payload.messageId, sent(payload, event));
    } else if (payload.type === "chat.deleted") {
      lines.delete(payload.messageId);
    } else if ("messageId" in payload) {
      const line = lines.get(payload.messageId);
      if (line) lines.set(line.id, changed(line, payload));
    }
  }
  return [...lines.values()];
}

type Payload = StoredEvent["payload"];
type Sent = Extract<Payload, { type: "chat.sent" }>;
type Change = Exclude<Extract<Payload, { messageId: string }>, Sent | { type: "chat.deleted" }>;

const sent = (
  { messageId: id, participantId, content }: Sent,
  { createdAt: sentAt, sequence }: StoredEvent,
): ChatLine => ({
  id,
  participantId,
  content,
  sentAt,
  edited: false,
  reactions: new Map(),
  sequence,
});

function changed(line: ChatLine, change: Change): ChatLine {
  switch (change.type) {
    case "chat.edited":
      return { ...line, content: change.content, edited: true };
    case "chat.reacted":
    case "chat.reaction_withdrawn":
      return { ...line, reactions: reacted(line.reactions, change) };
    default:
      return line;
  }
}

type Reaction = Extract<Payload, { emoji: Emoji }>;

function reacted(known: ChatLine["reactions"], { type, emoji, participantId }: Reaction) {
  const people = new Set(known.get(emoji));
  if (type === "chat.reacted") people.add(participantId);
  else people.delete(participantId);
  const reactions = new Map(known).set(emoji, people);
  if (people.size === 0) reactions.delete(emoji);
  return reactions;
}
