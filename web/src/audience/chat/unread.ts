import { useEffect, useState } from "react";
import type { EventLog } from "../../sessions/events/eventFeed";

interface Written {
  participantId: string;
  sequence: number;
}

/** How many of `items` others wrote after the place in the log that one has read up to. */
export const unreadCount = (items: readonly Written[], readTo: number, me: string): number =>
  items.filter((item) => item.sequence > readTo && item.participantId !== me).length;

/** What came since one is here, while one did not look. */
export function useUnread(
  items: readonly Written[],
  me: string,
  { start, last }: EventLog,
  visible: boolean,
): number {
  const [readTo, setReadTo] = useState(start.sequence);
  useEffect(() => {
    if (visible) setReadTo(last);
  }, [visible, last]);
  return visible ? 0 : unreadCount(items, readTo, me);
}
