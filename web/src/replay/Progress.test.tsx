import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { person, serving, show } from "../app/testing";
import { Progress } from "./Progress";
import type { Replay } from "./queries";

const replay = (state: Replay["state"], ...artifacts: Replay["artifacts"]) =>
  ({ state, artifacts }) as Replay;
const BROKEN = { kind: "tracks", state: "parked", error: "The recording is damaged." } as const;

test("while it is made a replay says what is still to come, and that one need do nothing", async () => {
  serving({ "GET /api/auth/me": () => person("student") });
  show(
    <Progress
      replay={replay(
        "processing",
        { kind: "transcript", state: "done" },
        { kind: "chapters", state: "running" },
      )}
    />,
  );
  const said = await screen.findByRole("status");
  expect(said.textContent).toContain("nothing needs reloading");
  expect(said.textContent).toContain("chapters: in work");
  expect(said.textContent).not.toContain("transcript");
});

test("a student is told who can help, without the engine's words", async () => {
  serving({ "GET /api/auth/me": () => person("student") });
  show(<Progress replay={replay("failed", BROKEN)} />);
  const said = await screen.findByRole("status");
  expect(said.textContent).toContain("Your teacher can have the rest made again");
  expect(said.textContent).not.toContain("damaged");
});

test("a teacher is told why, and where to retry", async () => {
  serving({ "GET /api/auth/me": () => person("teacher") });
  show(<Progress replay={replay("failed", BROKEN)} />);
  const said = await screen.findByRole("status");
  expect(said.textContent).toContain("speakers' recordings: The recording is damaged.");
  expect(said.textContent).toContain("retry there");
});
