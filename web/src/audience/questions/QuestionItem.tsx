import { Badge, Button, Group, Text } from "@mantine/core";
import { IconArrowBigUp, IconArrowBigUpFilled } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import classes from "../Audience.module.css";
import { answerQuestion, dismissQuestion, voteFor } from "../commands";
import type { Reader } from "../reader";
import { Composer } from "../writing/Composer";
import type { Question } from "./questions";

interface QuestionItemProps {
  question: Question;
  reader: Reader;
}

export function QuestionItem({ question, reader }: QuestionItemProps) {
  const open = question.status === "open";
  return (
    <li className={classes.item} data-closed={!open}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="xs" c="dimmed" truncate>
          <b>{reader.nameOf(question.participantId)}</b>
        </Text>
        {!open && (
          <Badge size="xs" variant="light" color={question.status === "answered" ? "" : "gray"}>
            {question.status}
          </Badge>
        )}
      </Group>
      <Text size="sm" className={classes.text ?? ""}>
        {question.content}
      </Text>
      {question.answer && (
        <Text size="sm" className={classes.answer ?? ""}>
          {question.answer}
        </Text>
      )}
      <Closing question={question} offered={open && reader.moderates}>
        <VoteButton question={question} />
      </Closing>
    </li>
  );
}

function VoteButton({ question }: { question: Question }) {
  const vote = useCommand(voteFor);
  const { mine, votes: count } = question;
  const Face = mine ? IconArrowBigUpFilled : IconArrowBigUp;
  return (
    <>
      <Button
        size="compact-xs"
        variant={mine ? "light" : "default"}
        leftSection={<Face size={14} aria-hidden />}
        aria-pressed={mine}
        aria-label={`Vote for “${question.content}”: ${count === 1 ? "1 vote" : `${count} votes`}`}
        disabled={question.status !== "open" || vote.isPending}
        onClick={() => vote.mutate({ id: question.id, up: !mine })}
      >
        {count}
      </Button>
      {vote.error && <ProblemAlert title="Your vote was not counted" error={vote.error} />}
    </>
  );
}

interface ClosingProps {
  question: Question;
  offered: boolean;
  children: ReactNode;
}

/** Beside the vote, where `offered`: answer in writing or by word of mouth, or dismiss. */
function Closing({ question, offered, children }: ClosingProps) {
  const [answering, setAnswering] = useState(false);
  const dismiss = useCommand(dismissQuestion);
  return (
    <>
      <Group gap="xs" my={6}>
        {children}
        {offered && (
          <>
            <Button
              size="compact-xs"
              variant="default"
              aria-expanded={answering}
              onClick={() => setAnswering(!answering)}
            >
              Answer
            </Button>
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              loading={dismiss.isPending}
              onClick={() => dismiss.mutate(question.id)}
            >
              Dismiss
            </Button>
          </>
        )}
      </Group>
      {offered && answering && (
        <Composer
          label={`Answer to “${question.content}”`}
          placeholder="Leave empty if answered aloud"
          sendLabel="Mark as answered"
          target={question.id}
          send={answerQuestion}
          mayBeEmpty
          onCancel={() => setAnswering(false)}
        />
      )}
      {dismiss.error && <ProblemAlert title="Not dismissed" error={dismiss.error} />}
    </>
  );
}
