import type { StoredEvent } from "../../sessions/events/eventFeed";
import { polls as openPolls } from "../../sessions/state/polls";
import type { SessionView } from "../../sessions/state/session";

type OpenPoll = SessionView["polls"][number];

/** A poll as the class had seen it; `correct` is told when it closes. */
export interface AskedPoll extends OpenPoll {
  readonly sequence: number;
  readonly closed: boolean;
  readonly correct: number[];
}

/** The polls after these events, in the order in which they were opened; closed ones stay. */
export const pollsAfter = (
  known: readonly AskedPoll[],
  events: readonly StoredEvent[],
): readonly AskedPoll[] =>
  events.filter(({ payload }) => payload.type.startsWith("poll.")).reduce(told, known);

function told(known: readonly AskedPoll[], event: StoredEvent): readonly AskedPoll[] {
  const { payload, sequence } = event;
  switch (payload.type) {
    case "poll.opened":
      return [
        ...known,
        ...openPolls([], event).map((poll) => ({ ...poll, sequence, closed: false, correct: [] })),
      ];
    case "poll.answered":
      return known.map((poll) => ({ ...poll, ...openPolls([poll], event)[0] }));
    case "poll.closed": {
      const { pollId, tally, correct } = payload;
      return known.map((poll) =>
        poll.id === pollId ? { ...poll, tally, correct, closed: true } : poll,
      );
    }
    default:
      return known;
  }
}
