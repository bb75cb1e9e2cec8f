import type { StoredEvent } from "../events/eventFeed";
import type { SessionView } from "./session";

type Polls = SessionView["polls"];
type Poll = Polls[number];
type Answered = Extract<StoredEvent["payload"], { type: "poll.answered" }>;

/** The polls that are open, with what may be told of their answers. */
export function polls(known: Polls, { payload }: StoredEvent): Polls {
  switch (payload.type) {
    case "poll.opened":
      return [...known, opened(payload.pollId, payload.question)];
    case "poll.answered":
      return known.map((poll) => (poll.id === payload.pollId ? answered(poll, payload) : poll));
    case "poll.closed":
      return known.filter(({ id }) => id !== payload.pollId);
    default:
      return known;
  }
}

const opened = (id: string, question: Poll["question"]): Poll => ({
  id,
  question,
  responses: 0,
  tally: question.results === "live" ? question.options.map(() => 0) : null,
});

const answered = (poll: Poll, { choices, replaced }: Answered): Poll => ({
  ...poll,
  responses: poll.responses + (replaced ? 0 : 1),
  tally: poll.tally && moved(poll.tally, replaced ?? [], choices ?? []),
});

/** The tally when somebody who chose `before` now chooses `after`. */
export const moved = (tally: number[], before: number[], after: number[]): number[] =>
  tally.map(
    (count, option) => count - Number(before.includes(option)) + Number(after.includes(option)),
  );
