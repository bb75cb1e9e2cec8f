import type { StoredEvent } from "../events/eventFeed";
import type { SessionView } from "./session";

type Questions = SessionView["questions"];

/** The open questions and their votes; the log holds each vote of a person once. */
export function questions(known: Questions, { payload }: StoredEvent): Questions {
  switch (payload.type) {
    case "question.asked":
      return [...known, { id: payload.questionId, votes: 0 }];
    case "question.upvoted":
      return voted(known, payload.questionId, 1);
    case "question.upvote_withdrawn":
      return voted(known, payload.questionId, -1);
    case "question.answered":
    case "question.dismissed":
      return known.filter(({ id }) => id !== payload.questionId);
    default:
      return known;
  }
}

const voted = (known: Questions, id: string, change: number): Questions =>
  known.map((one) => (one.id === id ? { ...one, votes: one.votes + change } : one));
