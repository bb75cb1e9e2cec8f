import type { Schemas } from "../../api/client";
import { localInputValue } from "../../ui/time";
import type { Session } from "../queries";

/** What can be edited of a session; times are values of datetime-local inputs. */
export interface Plan {
  title: string;
  start: string;
  end: string;
}

export const planOf = (session: Session): Plan => ({
  title: session.title,
  start: localInputValue(new Date(session.scheduledStart)),
  end: localInputValue(new Date(session.scheduledEnd)),
});

/** Only what differs: a time that was not touched keeps its seconds. */
export function changesOf(session: Session, plan: Plan): Schemas["UpdateSession"] {
  const before = planOf(session);
  const title = plan.title.trim();
  return {
    ...(title !== "" && title !== before.title && { title }),
    ...(plan.start !== before.start && { scheduledStart: new Date(plan.start).toISOString() }),
    ...(plan.end !== before.end && { scheduledEnd: new Date(plan.end).toISOString() }),
  };
}
