import type { StoredEvent } from "../events/eventFeed";
import type { SessionView } from "./session";

type Captions = SessionView["captions"];

/** How the class is captioned, the languages that speakers chose, and whose words were taken out. */
export function captions(known: Captions, { payload }: StoredEvent): Captions {
  switch (payload.type) {
    case "captions.configured":
      return { ...known, settings: payload.settings };
    case "captions.language_chosen": {
      const { [payload.participantId]: _, ...others } = known.languages;
      const chosen = payload.language ? { [payload.participantId]: payload.language } : {};
      return { ...known, languages: { ...others, ...chosen } };
    }
    case "captions.redacted":
      return known.redacted.includes(payload.participantId)
        ? known
        : { ...known, redacted: [...known.redacted, payload.participantId].sort() };
    default:
      return known;
  }
}
