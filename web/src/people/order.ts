import { useMemo } from "react";
import type { SessionView } from "../sessions/state/session";

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

type Ordered = Pick<SessionView, "participants" | "rules">;

export function orderOf({ participants, rules }: Ordered, sessionId: string, me: string): Order {
  return {
    sessionId,
    people: new Map(participants.map((one) => [one.id, one])),
    rules,
    hands: participants.filter((one) => one.handRaisedAt && !one.removed).sort(byHand),
    removed: participants.filter((one) => one.removed),
    me: participants.find((one) => one.id === me),
  };
}

export function useOrder(view: SessionView, sessionId: string, me: string): Order {
  const { participants, rules } = view;
  return useMemo(
    () => orderOf({ participants, rules }, sessionId, me),
    [participants, rules, sessionId, me],
  );
}

const byHand = (a: Person, b: Person) =>
  Date.parse(a.handRaisedAt ?? "") - Date.parse(b.handRaisedAt ?? "");

const RANK = ["student", "assistant", "teacher", "admin"];

/** Whether somebody may decide for somebody else; the server decides, this only hides buttons. */
export const isAbove = (one: Person | undefined, other: Person): boolean =>
  one !== undefined && RANK.indexOf(one.role) > RANK.indexOf(other.role);
