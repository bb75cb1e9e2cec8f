import type { Schemas } from "../../api/client";
import type { StoredEvent } from "../../sessions/events/eventFeed";
import type { Emoji } from "./emoji";

/** How many reacted in one way, and whether one is among them. */
export interface Reacted {
  count: number;
  mine: boolean;
}

export interface ChatLine {
  id: string;
  participantId: string;
  content: string;
  sentAt: string;
  edited: boolean;
  reactions: ReadonlyMap<Emoji, Reacted>;
  /** Its place in the log. */
  sequence: number;
}

/** A message as the server's list has it. */
export const lineOf = (message: Schemas["ChatMessage"]): ChatLine => ({
  id: message.id,
  participantId: message.participantId,
  content: message.content,
  sentAt: message.createdAt,
  edited: Boolean(message.editedAt),
  reactions: new Map(message.reactions.map(({ emoji, ...reacted }) => [emoji, reacted])),
  sequence: message.sequence,
});

/** `me` is one's own participant id; without `grows` new messages are none of these lines. */
interface Reading {
  me: string;
  grows: boolean;
}

/** The lines after these events, oldest first; what was deleted is gone. */
export function chatAfter(
  known: readonly ChatLine[],
  events: readonly StoredEvent[],
  { me, grows }: Reading,
): ChatLine[] {
  const lines = new Map(known.map((line) => [line.id, line]));
  for (const event of events) {
    const { payload } = event;
    if (payload.type === "chat.sent") {
      if (grows) lines.set(payload.messageId, sent(payload, event));
    } else if (payload.type === "chat.deleted") {
      lines.delete(payload.messageId);
    } else if ("messageId" in payload) {
      const line = lines.get(payload.messageId);
      if (line) lines.set(line.id, changed(line, payload, me));
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

function changed(line: ChatLine, change: Change, me: string): ChatLine {
  switch (change.type) {
    case "chat.edited":
      return { ...line, content: change.content, edited: true };
    case "chat.reacted":
    case "chat.reaction_withdrawn":
      return { ...line, reactions: reacted(line.reactions, change, me) };
    default:
      return line;
  }
}

type Reaction = Extract<Payload, { emoji: Emoji }>;

/** The log holds each reaction of a person once, until it is withdrawn. */
function reacted(
  known: ChatLine["reactions"],
  { type, emoji, participantId }: Reaction,
  me: string,
) {
  const on = type === "chat.reacted";
  const { count, mine } = known.get(emoji) ?? { count: 0, mine: false };
  const now = { count: count + (on ? 1 : -1), mine: participantId === me ? on : mine };
  const reactions = new Map(known).set(emoji, now);
  if (now.count === 0) reactions.delete(emoji);
  return reactions;
}
