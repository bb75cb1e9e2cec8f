import createClient from "openapi-fetch";
import { offline, problemFrom } from "./problem";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** The control plane on this origin; the session cookie goes along by itself. */
export const api = createClient<paths>({ baseUrl: window.location.origin });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a success; throws Problem for a refusal and for no answer at all. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await call.catch(() => {
    throw offline();
  });
  if (!answer.response.ok) throw problemFrom(answer.response.status, answer.error);
  return answer.data as T;
}

export const idempotent = (key: string): { headers: { "Idempotency-Key": string } } => ({
  headers: { "Idempotency-Key": key },
});

/** As `idempotent`, for an edit: refused with 409 `stale_edit` when somebody changed the version it is based on. */
export const editOf = (version: number, key: string) => ({
  headers: { "Idempotency-Key": key, "If-Match": `"${version}"` },
});
