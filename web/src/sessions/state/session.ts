import type { Schemas } from "../../api/client";
import type { StoredEvent } from "../events/eventFeed";
import { captions } from "./captions";
import { chat } from "./chat";
import { people } from "./people";
import { polls } from "./polls";
import { questions } from "./questions";
import { rules } from "./rules";
import { studio } from "./studio";

/** The state of a session as its members may see it: what `/api/sessions/{id}/state` answers. */
export type SessionView = Schemas["SessionView"];

export const emptyView: SessionView = {
  sequence: 0,
  at: null,
  status: "scheduled",
  title: "",
  startedAt: null,
  endedAt: null,
  participants: [],
  rules: { studentsMayPublish: false, locked: false },
  questions: [],
  studio: { scenes: [], assets: [], activeScene: null, whiteboard: false },
  polls: [],
  chat: { open: true, slowModeS: 0, muted: [], pins: [] },
  captions: { settings: null, languages: {}, redacted: [] },
};

type Fold<Part extends keyof SessionView> = (
  known: SessionView[Part],
  event: StoredEvent,
) => SessionView[Part];

/** The parts that have a fold of their own; each gives back the very same value when nothing changed for it. */
const FOLDS: { [Part in keyof SessionView]?: Fold<Part> } = {
  participants: people,
  rules,
  questions,
  studio,
  polls,
  chat,
  captions,
};

/** The state after this event: the same fold as the server's, held to the same cases (tests/data/folds). */
export function evolve(view: SessionView, event: StoredEvent): SessionView {
  const place = { sequence: event.sequence, at: event.createdAt };
  return { ...view, ...place, ...life(event), ...parts(view, event) };
}

function parts(view: SessionView, event: StoredEvent): Partial<SessionView> {
  const folded = Object.entries(FOLDS).map(([part, fold]) => [
    part,
    (fold as (known: unknown, event: StoredEvent) => unknown)(
      view[part as keyof SessionView],
      event,
    ),
  ]);
  return Object.fromEntries(folded);
}

function life({ payload, createdAt }: StoredEvent): Partial<SessionView> {
  switch (payload.type) {
    case "session.scheduled":
    case "session.edited":
      return { title: payload.title };
    case "session.started":
      return { status: "live", startedAt: createdAt };
    case "session.ended":
      return { status: "ended", endedAt: createdAt };
    case "session.cancelled":
      return { status: "cancelled" };
    default:
      return {};
  }
}
