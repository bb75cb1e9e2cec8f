import type { SessionView } from "../sessions/state/session";
import type { Pen } from "./stage/Surface";

/** Staff draw and wipe; a student draws while the teacher gives the right. */
export function penOf({ id, role }: { id: string; role: string }, view: SessionView): Pen {
  const given = view.participants.some((one) => one.id === id && one.permissions.draw);
  const staff = role !== "student";
  return { draws: staff || given, clears: staff };
}
