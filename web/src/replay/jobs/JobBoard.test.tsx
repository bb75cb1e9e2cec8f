import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { refusal, serving, show, writes } from "../../app/testing";
import { JobBoard } from "./JobBoard";
import type { ArtifactJob } from "./queries";

const SESSION = "0199c1a0-0000-7000-8000-000000000001";
const PATH = `/api/sessions/${SESSION}/artifacts`;

const job = (kind: ArtifactJob["kind"], more: Partial<ArtifactJob> = {}): ArtifactJob => ({
  kind,
  state: "done",
  attempts: 1,
  progress: 100,
  error: null,
  updatedAt: "2026-01-01T10:00:00Z",
  ...more,
});
const row = async (name: RegExp) => within(await screen.findByRole("row", { name }));

test("the board says of each artifact how far it is, what holds it up, and by its name", async () => {
  serving({
    [`GET ${PATH}`]: () => ({
      items: [
        job("transcript", { state: "running", progress: 40 }),
        job("tracks", { state: "parked", attempts: 3, error: "The recording is damaged." }),
        job("summary", { state: "queued", progress: 0, waitsFor: ["transcript"] }),
      ],
    }),
  });
  show(<JobBoard sessionId={SESSION} />);
  const transcript = await row(/^transcript/);
  expect(transcript.getByText("in work")).toBeTruthy();
  expect(transcript.getByText("40 %")).toBeTruthy();
  expect(transcript.queryByRole("button", { name: /Retry/ })).toBeNull();
  const tracks = await row(/^speakers' recordings/);
  expect(tracks.getByText("set aside")).toBeTruthy();
  expect(tracks.getByText("The recording is damaged.")).toBeTruthy();
  expect(tracks.queryByRole("button", { name: /Cancel/ })).toBeNull();
  const summary = await row(/^summary/);
  expect(summary.getByText("Waits for transcript")).toBeTruthy();
});

test("retry, cancel and another model ask the server for just that, and the board looks again", async () => {
  const person = userEvent.setup();
  let state: ArtifactJob["state"] = "parked";
  const asked = serving({
    [`GET ${PATH}`]: () => ({
      items: [
        job("chapters", { state }),
        job("speech", { models: ["tiny.en", "base"], model: "tiny.en" }),
      ],
    }),
    [`POST ${PATH}/chapters/retry`]: () => {
      state = "queued";
      return job("chapters", { state });
    },
    [`POST ${PATH}/chapters/cancel`]: () => {
      state = "parked";
      return job("chapters", { state });
    },
    [`POST ${PATH}/speech/retry`]: () => job("speech", { state: "queued" }),
  });
  show(<JobBoard sessionId={SESSION} />);
  await person.click(await screen.findByRole("button", { name: "Retry chapters" }));
  await person.click(await screen.findByRole("button", { name: "Cancel chapters" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: /^Cancel/ })).toBeNull());
  await person.selectOptions(
    screen.getByRole("combobox", { name: "Model for careful transcript" }),
    "base",
  );
  await waitFor(() => expect(writes(asked)).toHaveLength(3));
  expect(writes(asked)).toEqual([
    { what: `POST ${PATH}/chapters/retry`, body: { model: "" } },
    { what: `POST ${PATH}/chapters/cancel`, body: null },
    { what: `POST ${PATH}/speech/retry`, body: { model: "base" } },
  ]);
});

test("a refusal is told with what to do about it", async () => {
  const person = userEvent.setup();
  serving({
    [`GET ${PATH}`]: () => ({ items: [job("quiz")] }),
    [`POST ${PATH}/quiz/retry`]: () => refusal(409, "job_running", "This is being made right now."),
  });
  show(<JobBoard sessionId={SESSION} />);
  await person.click(await screen.findByRole("button", { name: "Retry quiz suggestions" }));
  const told = await screen.findByRole("alert");
  expect(told.textContent).toContain("This is being made right now.");
  expect(told.textContent).toContain("cancel it first");
});

test("what is made only on request is asked for with one click", async () => {
  const person = userEvent.setup();
  let state: ArtifactJob["state"] = "offered";
  serving({
    [`GET ${PATH}`]: () => ({ items: [job("subtitled", { state, attempts: 0, progress: 0 })] }),
    [`POST ${PATH}/subtitled/retry`]: () => {
      state = "queued";
      return job("subtitled", { state, attempts: 0, progress: 0 });
    },
  });
  show(<JobBoard sessionId={SESSION} />);
  const offered = await row(/^video with captions/);
  expect(offered.getByText("on request")).toBeTruthy();
  expect(offered.queryByRole("progressbar")).toBeNull();
  expect(offered.queryByRole("button", { name: /Cancel|Versions/ })).toBeNull();
  await person.click(offered.getByRole("button", { name: "Make video with captions" }));
  await waitFor(async () =>
    expect((await row(/^video with captions/)).getByText("waiting")).toBeTruthy(),
  );
});

test("a job that failed says why, and when it is tried again", async () => {
  const later = new Date(Date.now() + 600_000).toISOString();
  const away = "The object store is away; try again shortly.";
  serving({
    [`GET ${PATH}`]: () => ({
      items: [job("tracks", { state: "queued", error: away, nextAttemptAt: later })],
    }),
  });
  show(<JobBoard sessionId={SESSION} />);
  const tracks = await row(/^speakers' recordings/);
  expect(tracks.getByText(away)).toBeTruthy();
  expect(tracks.getByText("Next try in 10 min")).toBeTruthy();
});
