import { Badge, Group, Stack, Text, Title } from "@mantine/core";
import classes from "../Polls.module.css";
import type { Poll } from "../told";
import { AnswerForm } from "./AnswerForm";
import { KeeperActions } from "./KeeperActions";
import { countText, Results } from "./Results";

interface PollCardProps {
  poll: Poll;
  keeps: boolean;
  onEdit: () => void;
}

export function PollCard({ poll, keeps, onEdit }: PollCardProps) {
  return (
    <Stack component="article" gap="xs" className={classes.card ?? ""} aria-label={poll.prompt}>
      <Group gap={6}>
        {traits(poll).map((trait) => (
          <Badge key={trait} size="xs" variant="light" color={trait === "open" ? "" : "gray"}>
            {trait}
          </Badge>
        ))}
      </Group>
      <Title order={3} size="sm" className={classes.prompt ?? ""}>
        {poll.prompt}
      </Title>
      <Body poll={poll} keeps={keeps} />
      {keeps && <KeeperActions poll={poll} onEdit={onEdit} />}
    </Stack>
  );
}

const traits = (poll: Poll): string[] => [
  poll.status,
  poll.kind,
  ...(poll.anonymous ? ["anonymous"] : []),
];

function Body({ poll, keeps }: { poll: Poll; keeps: boolean }) {
  if (poll.status === "draft") {
    return (
      <ul className={classes.options}>
        {poll.options.map((option, index) => (
          <li key={option}>
            {option}
            {poll.correct?.includes(index) && " (correct)"}
          </li>
        ))}
      </ul>
    );
  }
  const answering = poll.status === "open" && !keeps;
  return (
    <>
      {answering && <AnswerForm poll={poll} />}
      {poll.tally ? <Results poll={poll} /> : <Waiting responses={poll.responses} />}
      {poll.status === "closed" && poll.kind === "quiz" && !keeps && <Verdict poll={poll} />}
    </>
  );
}

const Waiting = ({ responses }: { responses: number }) => (
  <Text size="xs" c="dimmed">
    {countText(responses)} so far. The result is shown when the poll closes.
  </Text>
);

function Verdict({ poll }: { poll: Poll }) {
  const right = String(poll.mine) === String(poll.correct);
  return (
    <Text size="sm" fw={600} c={right ? "teal" : "red"} role="status">
      {poll.mine
        ? right
          ? "Your answer is right."
          : "Your answer is wrong."
        : "You did not answer."}
    </Text>
  );
}
