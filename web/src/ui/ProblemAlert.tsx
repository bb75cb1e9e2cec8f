import { Alert, Button, Code, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { adviceFor } from "../api/advice";
import { asProblem } from "../api/problem";

interface ProblemAlertProps {
  error: unknown;
  title?: string;
  onRetry?: (() => void) | undefined;
}

/** A refusal in words, what to do about it, and its code for whoever helps. */
export function ProblemAlert({ error, title, onRetry }: ProblemAlertProps) {
  const problem = asProblem(error);
  const advice = adviceFor(problem);
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={title ?? "That did not work"}
    >
      <Text size="sm">{problem.message}</Text>
      {advice && (
        <Text size="sm" mt={4}>
          {advice}
        </Text>
      )}
      <Group mt="xs" gap="sm">
        <Code>{problem.code}</Code>
        {onRetry && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  );
}
