import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import { type ReactNode, Suspense } from "react";
import { MemoryRouter } from "react-router";

/** One write that a page asked for, or one reading. */
export interface Asked {
  /** Method and path: `POST /api/polls`. */
  what: string;
  body: unknown;
}

type Answers = Record<string, (asked: Asked) => unknown>;

let answers: Answers = {};
let asked: Asked[] = [];

/** The server of one test, by method and path: an answer's body, or a Response of its own; it keeps what it was asked. */
export function serving(given: Answers): Asked[] {
  answers = given;
  asked = [];
  return asked;
}

export const writes = (all: Asked[]): Asked[] => all.filter(({ what }) => !what.startsWith("GET"));

export const refusal = (status: number, code: string, message: string): Response =>
  Response.json({ code, message }, { status });

/** In the place of `fetch`, which the API's client keeps as it finds it. */
export async function answer(input: RequestInfo | URL): Promise<Response> {
  const request = new Request(input);
  const what = `${request.method} ${new URL(request.url).pathname}`;
  const text = await request.text();
  const one = { what, body: text ? JSON.parse(text) : null };
  asked.push(one);
  const given = answers[what]?.(one) ?? refusal(404, "not_found", `The test serves no ${what}.`);
  return given instanceof Response ? given : Response.json(given);
}

/** Somebody signed in, for `GET /api/auth/me`. */
export const person = (role: "teacher" | "student") => ({
  id: "0199c1a0-0000-7000-8000-0000000000aa",
  tenantId: "0199c1a0-0000-7000-8000-0000000000bb",
  email: "ada@example.org",
  name: "Ada",
  roles: [{ name: role, scope: "tenant", scopeId: null }],
});

/** A part of the page with all that stands around it in the app. */
export function show(part: ReactNode) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>
      <MantineProvider env="test">
        <Notifications />
        <MemoryRouter>
          <Suspense>{children}</Suspense>
        </MemoryRouter>
      </MantineProvider>
    </QueryClientProvider>
  );
  return render(part, { wrapper });
}
