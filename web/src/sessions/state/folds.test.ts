import { describe, expect, test } from "vitest";
import type { StoredEvent } from "../events/eventFeed";
import { emptyView, evolve, type SessionView } from "./session";

interface Case {
  parts: (keyof SessionView)[];
  log: StoredEvent[];
  views: { at: number; view: Partial<SessionView> }[];
}

/** The cases to which the server's fold is held too. */
const cases = import.meta.glob<Case>("../../../../tests/data/folds/*.json", {
  eager: true,
  import: "default",
});

const shown = (view: SessionView, parts: Case["parts"]) =>
  Object.fromEntries(parts.map((part) => [part, view[part]]));

describe.each(Object.entries(cases))("%s", (_, { parts, log, views }) => {
  test("is told as the server tells it, whoever comes in when", () => {
    for (const start of views) {
      let view = { ...emptyView, ...start.view };
      expect(shown(view, parts)).toEqual(start.view);
      for (const event of log.slice(start.at)) {
        view = evolve(view, event);
        expect(shown(view, parts)).toEqual(views[event.sequence]?.view);
      }
    }
  });
});

test("there are cases, and they know where they are in the log", () => {
  expect(Object.keys(cases).length).toBeGreaterThan(1);
  const [{ log }] = Object.values(cases) as [Case];
  const end = log.reduce(evolve, emptyView);
  expect([end.sequence, end.at]).toEqual([log.length, log.at(-1)?.createdAt]);
});
