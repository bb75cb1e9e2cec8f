import { VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { EventLog } from "../sessions/events/eventFeed";
import { announcementOf } from "./announcements";

interface AnnouncerProps {
  log: EventLog;
  me: string;
  nameOf: (participantId: string) => string;
}

/** How long after coming in the log may still tell of what was before. */
const CATCH_UP_MS = 2_000;

/** Tells a screen reader what others see happen: hands, and who comes. */
export function Announcer({ log, me, nameOf }: AnnouncerProps) {
  const [text, setText] = useState("");
  const told = useRef(0);
  const since = useRef(Date.now());
  useEffect(() => {
    const news = log.events.filter((event) => event.sequence > told.current);
    told.current = log.last;
    if (Date.now() - since.current < CATCH_UP_MS) return;
    const words = news.map((event) => announcementOf(event, nameOf, me)).filter(Boolean);
    if (words.length > 0) setText(words.join(". "));
  }, [log, me, nameOf]);
  return <VisuallyHidden aria-live="polite">{text}</VisuallyHidden>;
}
