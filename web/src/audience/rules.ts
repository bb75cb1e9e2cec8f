import type { Schemas } from "../api/client";
import type { StoredEvent } from "../sessions/events/eventFeed";
import { chat } from "../sessions/state/chat";
import { emptyView } from "../sessions/state/session";

/** What the log tells of how the chat is kept. */
export type ChatRules = Schemas["ChatView"];

export const rulesOf = (events: readonly StoredEvent[]): ChatRules =>
  events.reduce(chat, emptyView.chat);
