import { VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { type EventLog, eventsAfter } from "../../sessions/events/eventFeed";
import { announcementOf } from "./announcements";

interface AnnouncerProps {
  log: EventLog;
  me: string;
  nameOf: (participantId: string) => string;
}

/** Tells a screen reader what others see happen: hands, and who comes. */
export function Announcer({ log, me, nameOf }: AnnouncerProps) {
  const [text, setText] = useState("");
  const told = useRef(log.last);
  useEffect(() => {
    const news = eventsAfter(log, told.current);
    told.current = log.last;
    const words = news.map((event) => announcementOf(event, nameOf, me)).filter(Boolean);
    if (words.length > 0) setText(words.join(". "));
  }, [log, me, nameOf]);
  return <VisuallyHidden aria-live="polite">{text}</VisuallyHidden>;
}
