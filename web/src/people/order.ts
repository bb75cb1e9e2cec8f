import { useMemo } from "react";
import type { EventLog, StoredEvent } from "../sessions/events/eventFeed";
import { people } from "../sessions/state/people";
import { rules } from "../sessions/state/rules";
import { emptyView, type SessionView } from "../sessions/state/session";

export type Person = SessionView["participants"][number];

/** Order in class as the log tells it. */
export interface Order {
  sessionId: string;
  people: ReadonlyMap<string, Person>;
  rules: SessionView["rules"];
  /** Whose hand is up, the first to raise it first. */
  hands: readonly Person[];
  removed: readonly Person[];
  /** Oneself; not yet known at the very start. */
  me: Person | undefined;
}

export function orderOf(events: readonly StoredEvent[], sessionId: string, me: string): Order {
  const known = events.reduce(people, emptyView.participants);
  return {
    sessionId,
    people: new Map(known.map((one) => [one.id, one])),
    rules: events.reduce(rules, emptyView.rules),
    hands: known.filter((one) => one.handRaisedAt && !one.removed).sort(byHand),
    removed: known.filter((one) => one.removed),
    me: known.find((one) => one.id === me),
  };
}

export const useOrder = (log: EventLog, sessionId: string, me: string): Order =>
  useMemo(() => orderOf(log.events, sessionId, me), [log, sessionId, me]);

const byHand = (a: Person, b: Person) =>
  Date.parse(a.handRaisedAt ?? "") - Date.parse(b.handRaisedAt ?? "");

const RANK = ["student", "assistant", "teacher", "admin"];

/** Whether somebody may decide for somebody else; the server decides, this only hides buttons. */
export const isAbove = (one: Person | undefined, other: Person): boolean =>
  one !== undefined && RANK.indexOf(one.role) > RANK.indexOf(other.role);
