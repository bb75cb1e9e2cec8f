import { Text } from "@mantine/core";
import { ranked } from "../../audience/questions/questions";
import { countText, Results } from "../../polls/card/Results";
import { Jump } from "../made/Jump";
import { None } from "./Messages";
import type { AskedPoll } from "./polls";
import type { Then } from "./Room";
import classes from "./Room.module.css";

/** The questions so far, the most wanted first. */
export function QuestionsThen({ then }: { then: Then }) {
  const { questions, nameOf, clockOf, onSeek } = then;
  if (questions.length === 0) return <None>No questions so far.</None>;
  return (
    <ol className={classes.list} aria-label="Questions so far">
      {ranked(questions).map(({ id, content, participantId, votes, status, answer, sequence }) => (
        <li key={id}>
          <Jump
            timeMs={clockOf(sequence)}
            onSeek={onSeek}
            detail={`${nameOf(participantId)} · ${votes === 1 ? "1 vote" : `${votes} votes`} · ${status}`}
          >
            {content}
          </Jump>
          {answer && (
            <Text size="sm" className={classes.answer ?? ""}>
              {answer}
            </Text>
          )}
        </li>
      ))}
    </ol>
  );
}

/** The polls so far, the newest first, with what the class saw of their answers then. */
export function PollsThen({ then }: { then: Then }) {
  const { polls, clockOf, onSeek } = then;
  if (polls.length === 0) return <None>Nothing was asked so far.</None>;
  return (
    <ol className={classes.list} aria-label="Polls so far">
      {polls.toReversed().map((poll) => (
        <li key={poll.id}>
          <Jump
            timeMs={clockOf(poll.sequence)}
            onSeek={onSeek}
            detail={poll.closed ? "closed" : "open"}
          >
            {poll.question.prompt}
          </Jump>
          <Answers poll={poll} />
        </li>
      ))}
    </ol>
  );
}

function Answers({ poll }: { poll: AskedPoll }) {
  const { responses, tally, correct } = poll;
  if (!tally) {
    return (
      <Text size="xs" c="dimmed">
        {countText(responses)}
      </Text>
    );
  }
  return (
    <Results poll={{ options: poll.question.options, responses, tally, correct, mine: null }} />
  );
}
