import { Button, Card, List, Select, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useCommand } from "../../api/useCommand";
import { createPoll } from "../../polls/queries";
import { everyCourse, sessionsQuery } from "../../sessions/queries";
import { whenLine } from "../../ui/time";
import type { Replay } from "../queries";

type Suggestion = NonNullable<Replay["quiz"]>[number];

/** Suggestions until a teacher takes one: then it is a quiz, prepared for a coming class. */
export function Quiz({ quiz }: { quiz: Suggestion[] }) {
  const coming = useInfiniteQuery(sessionsQuery({ courseId: everyCourse, over: false }));
  const [sessionId, setSessionId] = useState<string | null>(null);
  const sessions = coming.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="sm">
      <Select
        label="Use them in"
        placeholder={sessions.length ? "A coming class" : "No class is planned"}
        data={sessions.map((one) => ({ value: one.id, label: `${one.title}, ${whenLine(one)}` }))}
        value={sessionId}
        onChange={setSessionId}
      />
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }}>
        {quiz.map((suggestion) => (
          <li key={suggestion.prompt}>
            <SuggestionCard suggestion={suggestion} sessionId={sessionId} />
          </li>
        ))}
      </Stack>
    </Stack>
  );
}

interface SuggestionCardProps {
  suggestion: Suggestion;
  sessionId: string | null;
}

function SuggestionCard({ suggestion, sessionId }: SuggestionCardProps) {
  const { prompt, options, correct } = suggestion;
  const accept = useCommand(createPoll, {
    onSuccess: () => notifications.show({ message: "It waits among the quizzes of that class." }),
    onError: ({ message }) => notifications.show({ color: "red", message }),
  });
  return (
    <Card withBorder padding="sm">
      <Text size="sm" fw={550}>
        {prompt}
      </Text>
      <List size="sm" my="xs">
        {options.map((option, index) => (
          <List.Item key={option}>
            {option}
            {index === correct && <b> (right)</b>}
          </List.Item>
        ))}
      </List>
      <Button
        size="compact-sm"
        variant="default"
        disabled={!sessionId || accept.isSuccess}
        loading={accept.isPending}
        onClick={() =>
          sessionId &&
          accept.mutate({ sessionId, prompt, options, kind: "quiz", correct: [correct] })
        }
      >
        {accept.isSuccess ? "Taken" : "Take as a quiz"}
      </Button>
    </Card>
  );
}
