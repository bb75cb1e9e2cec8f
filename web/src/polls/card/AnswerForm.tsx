import { Button, Checkbox, Radio, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { answerPoll, pollsQuery } from "../queries";
import type { Poll } from "../told";

/** One option, or several; the answer can be changed while the poll is open. */
export function AnswerForm({ poll }: { poll: Poll }) {
  const [chosen, setChosen] = useState<string[]>((poll.mine ?? []).map(String));
  const queryClient = useQueryClient();
  const answer = useCommand(answerPoll, {
    onSuccess: () => queryClient.invalidateQueries(pollsQuery(poll.sessionId)),
  });
  const choices = chosen.map(Number).sort();
  const unchanged = String(choices) === String(poll.mine ?? []);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        answer.mutate({ id: poll.id, choices });
      }}
    >
      <Stack gap="xs">
        <Options poll={poll} chosen={chosen} onChosen={setChosen} />
        <Button
          type="submit"
          size="compact-sm"
          disabled={chosen.length === 0 || unchanged}
          loading={answer.isPending}
        >
          {poll.mine ? "Change answer" : "Answer"}
        </Button>
        {answer.error && <ProblemAlert title="Your answer was not counted" error={answer.error} />}
      </Stack>
    </form>
  );
}

interface OptionsProps {
  poll: Poll;
  chosen: string[];
  onChosen: (chosen: string[]) => void;
}

function Options({ poll, chosen, onChosen }: OptionsProps) {
  const label = poll.multiple ? "Choose one or more" : "Choose one";
  if (poll.multiple) {
    return (
      <Checkbox.Group label={label} value={chosen} onChange={onChosen}>
        <Stack gap={6} mt={4}>
          {poll.options.map((option, index) => (
            <Checkbox key={option} value={String(index)} label={option} />
          ))}
        </Stack>
      </Checkbox.Group>
    );
  }
  return (
    <Radio.Group label={label} value={chosen[0] ?? ""} onChange={(value) => onChosen([value])}>
      <Stack gap={6} mt={4}>
        {poll.options.map((option, index) => (
          <Radio key={option} value={String(index)} label={option} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
