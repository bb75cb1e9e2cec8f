import { useMemo } from "react";
import type { EventLog } from "../sessions/events/eventFeed";
import { people } from "../sessions/state/people";
import { emptyView } from "../sessions/state/session";
import type { Pen } from "./stage/Surface";

/** Staff draw and wipe; a student draws while the teacher gives the right. */
export function usePen({ id, role }: { id: string; role: string }, log: EventLog): Pen {
  const given = useMemo(
    () =>
      log.events
        .reduce(people, emptyView.participants)
        .some((one) => one.id === id && one.permissions.draw),
    [id, log],
  );
  const staff = role !== "student";
  return { draws: staff || given, clears: staff };
}
