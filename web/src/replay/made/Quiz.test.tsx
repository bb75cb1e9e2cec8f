import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { serving, show, writes } from "../../app/testing";
import { Quiz } from "./Quiz";

const coming = () => ({
  id: "0199c1a0-0000-7000-8000-000000000001",
  lessonId: "0199c1a0-0000-7000-8000-000000000003",
  title: "Roots",
  scheduledStart: "2027-01-11T10:00:00Z",
  scheduledEnd: "2027-01-11T11:00:00Z",
  status: "scheduled",
});
const quiz = [
  { prompt: "What do leaves take?", options: ["Oxygen", "Carbon dioxide"], correct: 1, startMs: 0 },
];

test("a suggestion is taken as a quiz into the class that was chosen", async () => {
  const person = userEvent.setup();
  const asked = serving({
    "GET /api/sessions": () => ({ items: [coming()] }),
    "POST /api/polls": () => Response.json({}, { status: 201 }),
  });
  show(<Quiz quiz={quiz} />);
  const take = screen.getByRole("button", { name: "Take as a quiz" });
  expect(take).toHaveProperty("disabled", true);
  await person.click(screen.getByRole("combobox", { name: "Use them in" }));
  await person.click(await screen.findByRole("option", { name: /^Roots/ }));
  await person.click(take);
  await waitFor(() =>
    expect(screen.getByRole("button", { name: "Taken" })).toHaveProperty("disabled", true),
  );
  expect(writes(asked)).toEqual([
    {
      what: "POST /api/polls",
      body: {
        sessionId: coming().id,
        prompt: "What do leaves take?",
        options: ["Oxygen", "Carbon dioxide"],
        kind: "quiz",
        correct: [1],
      },
    },
  ]);
});
