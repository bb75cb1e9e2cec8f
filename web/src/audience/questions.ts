import type { StoredEvent } from "../sessions/events/eventFeed";

export interface Question {
  id: string;
  participantId: string;
  content: string;
  status: "open" | "answered" | "dismissed";
  answer: string | null;
  voters: ReadonlySet<string>;
  /** Its place in the log. */
  sequence: number;
}

/** The questions as the log tells them: open ones first, those with most votes in front, then as they were asked. */
export function questionsOf(events: readonly StoredEvent[]): Question[] {
  const questions = new Map<string, Question>();
  for (const event of events) {
    const { payload } = event;
    if (payload.type === "question.asked") {
      questions.set(payload.questionId, asked(payload, event.sequence));
    } else if ("questionId" in payload) {
      const known = questions.get(payload.questionId);
      if (known) questions.set(known.id, changed(known, payload));
    }
  }
  const rank = (question: Question) => (question.status === "open" ? 0 : 1);
  return [...questions.values()].sort(
    (a, b) => rank(a) - rank(b) || b.voters.size - a.voters.size || a.sequence - b.sequence,
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
  voters: new Set(),
  sequence,
});

function changed(question: Question, change: Change): Question {
  const voters = new Set(question.voters);
  switch (change.type) {
    case "question.upvoted":
      return { ...question, voters: voters.add(change.participantId) };
    case "question.upvote_withdrawn":
      voters.delete(change.participantId);
      return { ...question, voters };
    case "question.answered":
      return { ...question, status: "answered", answer: change.answer ?? null };
    case "question.dismissed":
      return { ...question, status: "dismissed" };
  }
}
