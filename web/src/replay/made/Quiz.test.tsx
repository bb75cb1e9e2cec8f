import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
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

/** What the page asked of the server, which has one coming class and takes every poll. */
const asked = vi.hoisted(() => {
  const requests: Request[] = [];
  // Before anything is imported: the API's client keeps the fetch that it finds.
  globalThis.fetch = async (input) => {
    const request = input as Request;
    requests.push(request.clone());
    const reads = request.method === "GET";
    return Response.json(reads ? { items: [coming()] } : {}, { status: reads ? 200 : 201 });
  };
  return requests;
});

beforeEach(() => {
  const none = () => undefined;
  vi.stubGlobal("matchMedia", () => ({ addEventListener: none, removeEventListener: none }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe = none;
      unobserve = none;
      disconnect = none;
    },
  );
});

const show = () =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MantineProvider env="test">
        <Quiz quiz={quiz} />
      </MantineProvider>
    </QueryClientProvider>,
  );

test("a suggestion is taken as a quiz into the class that was chosen", async () => {
  const person = userEvent.setup();
  show();
  const take = screen.getByRole("button", { name: "Take as a quiz" });
  expect(take).toHaveProperty("disabled", true);
  await person.click(screen.getByRole("combobox", { name: "Use them in" }));
  await person.click(await screen.findByRole("option", { name: /^Roots/ }));
  await person.click(take);
  await waitFor(() =>
    expect(screen.getByRole("button", { name: "Taken" })).toHaveProperty("disabled", true),
  );
  const written = asked.filter(({ method }) => method === "POST");
  expect(written).toHaveLength(1);
  expect(new URL(written[0]?.url ?? "").pathname).toBe("/api/polls");
  expect(await written[0]?.json()).toEqual({
    sessionId: coming().id,
    prompt: "What do leaves take?",
    options: ["Oxygen", "Carbon dioxide"],
    kind: "quiz",
    correct: [1],
  });
});
