import { Stack, Text } from "@mantine/core";
import { MorePages } from "../../ui/paging/MorePages";
import classes from "../Audience.module.css";
import { askQuestion } from "../commands";
import type { Reader } from "../reader";
import { Composer } from "../writing/Composer";
import { QuestionItem } from "./QuestionItem";
import type { QuestionLog } from "./useQuestions";

interface QuestionsProps {
  asked: QuestionLog;
  reader: Reader;
}

/** What the class wants to know; the most wanted first. */
export function Questions({ asked: { questions, less }, reader }: QuestionsProps) {
  return (
    <Stack gap={0} className={classes.pane ?? ""}>
      {questions.length === 0 && !less.loading ? (
        <Text size="sm" c="dimmed" p="md" flex={1}>
          No questions yet. Ask one; others can vote for it.
        </Text>
      ) : (
        <ol className={classes.list} aria-label="Questions">
          {questions.map((question) => (
            <QuestionItem key={question.id} question={question} reader={reader} />
          ))}
          <li>
            <MorePages pages={less} label="More questions" />
          </li>
        </ol>
      )}
      <div className={classes.foot}>
        <Composer
          label="Question"
          placeholder="Ask a question"
          sendLabel="Ask question"
          target={reader.sessionId}
          send={askQuestion}
        />
      </div>
    </Stack>
  );
}
