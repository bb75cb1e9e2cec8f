import type { StoredEvent } from "../sessions/events/eventFeed";

export interface ChatLine {
  id: string;
  participantId: string;
  content: string;
  sentAt: string;
  edited: boolean;
  /** Its place in the log. */
  sequence: number;
}

/** The chat as the log tells it, oldest first; what was deleted is gone. */
export function chatOf(events: readonly StoredEvent[]): ChatLine[] {
  const lines = new Map<string, ChatLine>();
  for (const { payload, sequence, createdAt } of events) {
    if (payload.type === "chat.sent") {
      const { messageId: id, participantId, content } = payload;
      lines.set(id, { id, participantId, content, sentAt: createdAt, edited: false, sequence });
    } else if (payload.type === "chat.edited") {
      const line = lines.get(payload.messageId);
      if (line) lines.set(line.id, { ...line, content: payload.content, edited: true });
    } else if (payload.type === "chat.deleted") {
      lines.delete(payload.messageId);
    }
  }
  return [...lines.values()];
}
