import type { Schemas } from "../api/client";

type Verdict = Schemas["PlatformHealth"]["status"];

/** A platform's verdict on the stream, as a person says it. */
export const WORDS: Record<Verdict, { text: string; color?: string }> = {
  good: { text: "good", color: "lectern" },
  ok: { text: "acceptable" },
  bad: { text: "bad", color: "red" },
  no_data: { text: "nothing arrives yet", color: "orange" },
  online: { text: "the channel is live", color: "lectern" },
  offline: { text: "the channel is not live yet", color: "orange" },
};
