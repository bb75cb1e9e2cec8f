import { Problem } from "../api/problem";

const WORDS: Record<string, string> = {
  identity_refused: "The sign-in at the identity provider could not be confirmed. Begin again.",
  identity_unknown: "There is no account for you here. Ask your school for one.",
  identity_unavailable: "The identity provider does not answer. Try again in a moment.",
  too_many_attempts: "This sign-in was used already. Begin again.",
};

/** What went wrong at another issuer, from the code in the address; only known codes become words. */
export function problemOf(code: string | null): Problem | undefined {
  if (code === null) return undefined;
  return new Problem(401, code, WORDS[code] ?? "The sign-in did not work. Begin again.");
}
