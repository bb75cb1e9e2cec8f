import type { Schemas } from "../../api/client";
import type { StoredEvent } from "../../sessions/events/eventFeed";

export interface Question {
  id: string;
  participantId: string;
  content: string;
  status: "open" | "answered" | "dismissed";
  answer: string | null;
  votes: number;
  /** Whether one's own vote is among them. */
  mine: boolean;
  /** Its place in the log. */
  sequence: number;
}

/** A question as the server's list has it. */
export const questionOf = (question: Schemas["Question"]): Question => ({
  id: question.id,
  participantId: question.participantId,
  content: question.content,
  status: question.status,
  answer: question.answer ?? null,
  votes: question.upvotes,
  mine: question.upvoted,
  sequence: question.sequence,
});

/** The questions after these events, in no order; `me` is one's own participant id. */
export function questionsAfter(
  known: readonly Question[],
  events: readonly StoredEvent[],
  me: string,
): Question[] {
  const questions = new Map(known.map((question) => [question.id, question]));
  for (const { payload, sequence } of events) {
    if (payload.type === "question.asked") {
      questions.set(payload.questionId, asked(payload, sequence));
    } else if ("questionId" in payload) {
      const question = questions.get(payload.questionId);
      if (question) questions.set(question.id, changed(question, payload, me));
    }
  }
  return [...questions.values()];
}

/** Open ones first, those with most votes in front, then as they were asked; each once. */
export function ranked(questions: readonly Question[]): Question[] {
  const rank = (question: Question) => (question.status === "open" ? 0 : 1);
  return [...new Map(questions.map((question) => [question.id, question])).values()].sort(
    (a, b) => rank(a) - rank(b) || b.votes - a.votes || a.sequence - b.sequence,
  );
}

type Payload = StoredEvent["payload"];
type Asked = Extract<Payload, { type: "question.asked" }>;
type Change = Exclude<Extract<Payload, { questionId: string }>, Asked>;

const asked = ({ questionId: id, participantId, content }: Asked, sequence: number): Question => ({
  id,
  participantId,
  content,
  status: "open",
  answer: null,
  votes: 0,
  mine: false,
  sequence,
});

/** The log holds each vote of a person once, until it is withdrawn. */
function changed(question: Question, change: Change, me: string): Question {
  const { votes, mine } = question;
  switch (change.type) {
    case "question.upvoted":
      return { ...question, votes: votes + 1, mine: mine || change.participantId === me };
    case "question.upvote_withdrawn":
      return { ...question, votes: votes - 1, mine: mine && change.participantId !== me };
    case "question.answered":
      return { ...question, status: "answered", answer: change.answer ?? null };
    case "question.dismissed":
      return { ...question, status: "dismissed" };
  }
}
