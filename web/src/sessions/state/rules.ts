import type { StoredEvent } from "../events/eventFeed";
import type { SessionView } from "./session";

type Rules = SessionView["rules"];

/** What holds for all of the class. */
export function rules(known: Rules, { payload }: StoredEvent): Rules {
  switch (payload.type) {
    case "rules.changed":
      return { ...known, studentsMayPublish: payload.studentsMayPublish };
    case "room.locked":
      return { ...known, locked: true };
    case "room.unlocked":
      return { ...known, locked: false };
    default:
      return known;
  }
}
