import type { Schemas } from "../api/client";
import type { StoredEvent } from "../sessions/events/eventFeed";
import { polls as openPolls } from "../sessions/state/polls";
import type { SessionView } from "../sessions/state/session";

export type Poll = Schemas["Poll"];

/** What the log tells of a poll that was opened; `sequence` is when. */
export interface Told {
  id: string;
  prompt: string;
  sequence: number;
  status: "open" | "closed";
  responses: number;
  tally: readonly number[] | null;
  correct: readonly number[] | null;
}

/** `changedAt` is the sequence of the last event that changes more than a tally: then the server has to be asked. */
export interface Polls {
  told: ReadonlyMap<string, Told>;
  changedAt: number;
}

/** The polls that were open at the start and those after it, as the log tells them. */
export function pollsOf(start: SessionView, events: readonly StoredEvent[]): Polls {
  let open = start.polls;
  let changedAt = start.sequence;
  const told = new Map<string, Told>(
    open.map(({ id, question, responses, tally }) => [
      id,
      { ...opened(id, question.prompt, changedAt), responses, tally },
    ]),
  );
  for (const event of events) {
    const { payload, sequence } = event;
    if (!payload.type.startsWith("poll.")) continue;
    open = openPolls(open, event);
    if (payload.type !== "poll.answered") changedAt = sequence;
    if (payload.type === "poll.opened") {
      told.set(payload.pollId, opened(payload.pollId, payload.question.prompt, sequence));
    } else if (payload.type === "poll.closed") {
      const { tally, correct } = payload;
      const known = told.get(payload.pollId);
      if (known) told.set(known.id, { ...known, status: "closed", tally, correct });
    }
    for (const { id, responses, tally } of open) {
      const known = told.get(id);
      if (known) told.set(id, { ...known, responses, tally });
    }
  }
  return { told, changedAt };
}

const opened = (id: string, prompt: string, sequence: number): Told => ({
  id,
  prompt,
  sequence,
  status: "open",
  responses: 0,
  tally: null,
  correct: null,
});

/** What the server said, brought up to what the log has told since; newest first, drafts before all. */
export function upToDate(known: readonly Poll[], told: Polls["told"]): Poll[] {
  const rank = (poll: Poll) => (poll.status === "draft" ? 0 : poll.status === "open" ? 1 : 2);
  return known
    .map((poll) => withTold(poll, told.get(poll.id)))
    .sort((a, b) => rank(a) - rank(b) || b.sequence - a.sequence);
}

function withTold(poll: Poll, told: Told | undefined): Poll {
  if (!told) return poll;
  const { status, responses, tally, correct } = told;
  return {
    ...poll,
    status,
    responses,
    // Staff know more than the log tells while a poll is open.
    tally: tally ? [...tally] : (poll.tally ?? null),
    correct: correct ? [...correct] : (poll.correct ?? null),
  };
}
