import type { Session } from "./queries";

export interface SessionGroups {
  live: Session[];
  upcoming: Session[];
  past: Session[];
}

const startMs = (session: Session) => Date.parse(session.scheduledStart);

/** Live and upcoming in the order they come, the past latest first. */
export function groupSessions(sessions: Session[]): SessionGroups {
  const soonestFirst = [...sessions].sort((a, b) => startMs(a) - startMs(b));
  const having = (...statuses: Session["status"][]) =>
    soonestFirst.filter((session) => statuses.includes(session.status));
  return {
    live: having("live"),
    upcoming: having("scheduled"),
    past: having("ended", "cancelled").reverse(),
  };
}
