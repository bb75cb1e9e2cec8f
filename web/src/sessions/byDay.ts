import { dayName } from "../ui/time";
import type { Session } from "./queries";

/** Live sessions under one heading before all others; the others by the day of their start, in the order they come. */
export function byDay(sessions: Session[], now: Date, locale?: string): [string, Session[]][] {
  const live = sessions.filter((session) => session.status === "live");
  const days = new Map<string, Session[]>(live.length > 0 ? [["Live now", live]] : []);
  for (const session of sessions) {
    if (session.status === "live") continue;
    const day = dayName(new Date(session.scheduledStart), now, locale);
    days.set(day, [...(days.get(day) ?? []), session]);
  }
  return [...days];
}
