import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { person, serving, show, writes } from "../../app/testing";
import { logFrom, type StoredEvent, withPage } from "../../sessions/events/eventFeed";
import { emptyView } from "../../sessions/state/session";
import type { CaptionOptions } from "../queries";
import type { Cue } from "./spoken";
import { TranscriptSoFar } from "./TranscriptSoFar";

const SESSION = "0199c1a0-0000-7000-8000-000000000001";
const START = Date.parse("2026-01-01T10:00:00Z");
const CAPTIONS = `/api/sessions/${SESSION}/captions`;

const cue = (n: number, participantId: string, text: string): Cue => ({
  sequence: n,
  segmentId: `SG_${n}`,
  participantId,
  startUnixMs: START + n * 1_000,
  endUnixMs: START + n * 1_000 + 900,
  text,
  original: null,
  language: "en",
});
const options = (mayCorrect: boolean, correctors: "staff" | "speakers"): CaptionOptions => ({
  settings: { enabled: true, language: "", glossary: [], maskProfanity: false, correctors },
  own: true,
  languages: ["en"],
  mayChange: mayCorrect,
  mayCorrect,
  participantId: "ben",
});
const corrected = (text: string): StoredEvent => ({
  id: "e",
  sessionId: SESSION,
  sequence: 4,
  createdAt: "2026-01-01T10:01:00Z",
  payload: {
    type: "caption.corrected",
    segmentId: "SG_1",
    participantId: "ada",
    text,
    correctedBy: "u",
  },
});

/** A class in which three lines were said, as Ben reads it; the button brings what the log says next. */
function Panel({ next }: { next: StoredEvent }) {
  const [log, setLog] = useState(() =>
    logFrom({ ...emptyView, sequence: 3, startedAt: "2026-01-01T10:00:00Z" }),
  );
  const reader = {
    sessionId: SESSION,
    me: "ben",
    moderates: false,
    nameOf: (id: string) => (id === "ada" ? "Ada" : "Ben"),
    roleOf: () => undefined,
  };
  return (
    <>
      <TranscriptSoFar sessionId={SESSION} log={log} reader={reader} />
      <button type="button" onClick={() => setLog(withPage(log, [next]))}>
        Next event
      </button>
    </>
  );
}

function open(given: CaptionOptions, role: "teacher" | "student") {
  const asked = serving({
    "GET /api/auth/me": () => person(role),
    [`GET ${CAPTIONS}`]: () => ({
      items: [
        cue(1, "ada", "A salami brain."),
        cue(2, "ben", "What is a membrane?"),
        cue(3, "ada", "A thin wall."),
      ],
      nextCursor: null,
      sequence: 3,
    }),
    [`GET ${CAPTIONS}/settings`]: () => given,
    [`PATCH ${CAPTIONS}/SG_1`]: ({ body }) => ({
      ...cue(1, "ada", (body as { text: string }).text),
      original: "A salami brain.",
    }),
  });
  show(<Panel next={corrected("A cell membrane.")} />);
  return asked;
}

const lines = async () => within(await screen.findByRole("list", { name: "Transcript so far" }));

test("a search leaves the lines that hold it, and a click on one shows all again", async () => {
  const user = userEvent.setup();
  open(options(false, "staff"), "student");
  const list = await lines();
  await list.findByText("A thin wall.");
  await user.type(screen.getByLabelText("Search the transcript"), "membrane");
  expect(list.queryByText("A thin wall.")).toBeNull();
  await user.click(list.getByRole("button", { name: "What is a membrane?" }));
  await list.findByText("A thin wall.");
  await user.type(screen.getByLabelText("Search the transcript"), "nucleus");
  expect(screen.getByText("Nobody said that, as far as it is loaded.")).toBeTruthy();
});

test("who teaches corrects a line by a click, and everybody reads it when the log says so", async () => {
  const user = userEvent.setup();
  const asked = open(options(true, "staff"), "teacher");
  await user.click(await screen.findByRole("button", { name: "Correct “A salami brain.”" }));
  const field = screen.getByRole("textbox", { name: "What was said" });
  expect(field).toHaveProperty("value", "A salami brain.");
  await user.clear(field);
  await user.type(field, "A cell membrane.{Enter}");
  const list = await lines();
  await list.findByText("A salami brain.");
  expect(writes(asked)).toEqual([
    { what: `PATCH ${CAPTIONS}/SG_1`, body: { text: "A cell membrane." } },
  ]);
  await user.click(screen.getByRole("button", { name: "Next event" }));
  await list.findByText("A cell membrane.");
  expect(list.getByTitle("Heard: A salami brain.")).toBeTruthy();
});

test("where speakers may, one corrects what one said oneself, and nothing else", async () => {
  open(options(false, "speakers"), "student");
  await screen.findByRole("button", { name: "Correct “What is a membrane?”" });
  expect(screen.getAllByRole("button", { name: /^Correct/ })).toHaveLength(1);
  expect(screen.queryByRole("button", { name: /^Take out/ })).toBeNull();
});

test("elsewhere one corrects nothing", async () => {
  open(options(false, "staff"), "student");
  await screen.findByText("A thin wall.");
  expect(screen.queryByRole("button", { name: /^Correct/ })).toBeNull();
});
