import { Problem } from "../../api/problem";

const WORDS: Record<string, string> = {
  connection_refused: "The account was not connected: not everything was allowed. Begin again.",
  platform_refused:
    "The platform refused this account: it may have no channel, or Lectern's own credentials are wrong.",
  platform_unavailable: "The platform does not answer. Try again in a moment.",
  platform_not_set_up: "An administrator of this server has to set the platform up first.",
};

export interface Arrival {
  connected: string | null;
  problem: Problem | null;
}

/** What the address says after a visit at the platform; only known codes become words. */
export function arrivalOf(query: URLSearchParams, names: Record<string, string>): Arrival {
  const code = query.get("problem");
  return {
    connected: names[query.get("connected") ?? ""] ?? null,
    problem:
      code === null
        ? null
        : new Problem(409, code, WORDS[code] ?? "The account was not connected. Begin again."),
  };
}
