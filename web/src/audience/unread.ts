import { useEffect, useState } from "react";

interface Written {
  participantId: string;
  sequence: number;
}

/** How many of `items` others wrote after the place in the log that one has read up to. */
export const unreadCount = (items: readonly Written[], readTo: number, me: string): number =>
  items.filter((item) => item.sequence > readTo && item.participantId !== me).length;

/** What came while one did not look; `last` is the end of the log as far as it is here. */
export function useUnread(
  items: readonly Written[],
  me: string,
  last: number,
  visible: boolean,
): number {
  const [readTo, setReadTo] = useState(0);
  useEffect(() => {
    if (visible) setReadTo(last);
  }, [visible, last]);
  return visible ? 0 : unreadCount(items, readTo, me);
}
