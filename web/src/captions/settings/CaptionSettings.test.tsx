import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { refusal, serving, show, writes } from "../../app/testing";
import type { CaptionOptions } from "../queries";
import { CaptionSettings } from "./CaptionSettings";

const COURSE = "0199c1a0-0000-7000-8000-000000000002";
const SESSION = "0199c1a0-0000-7000-8000-000000000003";
const options = (more: Partial<CaptionOptions> = {}): CaptionOptions => ({
  settings: {
    enabled: true,
    language: "",
    glossary: ["Mitochondrion"],
    maskProfanity: false,
    correctors: "staff",
  },
  own: true,
  languages: ["en", "de"],
  mayChange: true,
  mayCorrect: true,
  participantId: null,
  ...more,
});

const liveCaptions = () => screen.getByRole("switch", { name: /^Live captions/ });

test("what is changed is saved whole, and only when something is", async () => {
  const person = userEvent.setup();
  const path = `/api/courses/${COURSE}/captions`;
  const asked = serving({
    [`GET ${path}`]: () => options(),
    [`PUT ${path}`]: ({ body }) => options({ settings: body as CaptionOptions["settings"] }),
  });
  show(<CaptionSettings place={{ course: COURSE }} />);
  const save = await screen.findByRole("button", { name: "Save" });
  expect(save).toHaveProperty("disabled", true);
  await person.selectOptions(screen.getByLabelText("Language of the class"), "German");
  await person.type(screen.getByLabelText("Names and terms", { selector: "input" }), "Osmosis,");
  await person.click(screen.getByLabelText("Mask swear words"));
  await person.selectOptions(screen.getByLabelText("Who may correct captions"), "speakers");
  await person.click(save);
  expect(await screen.findByText(/^Saved\./)).toBeTruthy();
  expect(writes(asked)).toEqual([
    {
      what: `PUT ${path}`,
      body: {
        enabled: true,
        language: "de",
        glossary: ["Mitochondrion", "Osmosis"],
        maskProfanity: true,
        correctors: "speakers",
      },
    },
  ]);
  expect(save).toHaveProperty("disabled", true);
});

test("a class that follows its course says so, and a refusal leaves what was typed", async () => {
  const person = userEvent.setup();
  const path = `/api/sessions/${SESSION}/captions/settings`;
  serving({
    [`GET ${path}`]: () => options({ own: false }),
    [`PUT ${path}`]: () => refusal(422, "invalid_field", "No recogniser knows that language."),
  });
  show(<CaptionSettings place={{ session: SESSION }} />);
  expect((await screen.findByRole("note")).textContent).toContain("follows its course");
  await person.click(liveCaptions());
  await person.click(screen.getByRole("button", { name: "Save" }));
  expect((await screen.findByRole("alert")).textContent).toContain("No recogniser knows");
  expect(liveCaptions()).toHaveProperty("checked", false);
});

test("who may only read cannot save", async () => {
  const person = userEvent.setup();
  serving({ [`GET /api/courses/${COURSE}/captions`]: () => options({ mayChange: false }) });
  show(<CaptionSettings place={{ course: COURSE }} />);
  await person.click(await screen.findByRole("switch", { name: /^Live captions/ }));
  await waitFor(() =>
    expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", true),
  );
});
