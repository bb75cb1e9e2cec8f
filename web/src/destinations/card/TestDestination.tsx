import { Alert, Button, Group, Modal, Progress, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import {
  type Destination,
  type DestinationTest,
  destinationsQuery,
  testDestination,
} from "../queries";

interface TestDestinationProps {
  destination: Destination;
  opened: boolean;
  onClose: () => void;
}

/** Asks first: on a platform that goes live by itself, viewers may see the test. */
export function TestDestination({ destination, opened, onClose }: TestDestinationProps) {
  const queryClient = useQueryClient();
  // A test may find that an account's permission is gone.
  const test = useCommand(testDestination, {
    onError: () => void queryClient.invalidateQueries(destinationsQuery),
  });
  const close = () => {
    test.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={`Test ${destination.name}`}>
      <Stack>
        <Text size="sm">
          Sends two seconds of colour bars and a tone with the stored key. If the channel goes live
          as soon as something arrives, its viewers see them.
        </Text>
        <div role="status">
          {test.isPending && <Running />}
          {test.data && <Result result={test.data} />}
        </div>
        {test.error && <ProblemAlert title="The test did not run" error={test.error} />}
        <Group justify="end">
          <Button variant="default" onClick={close}>
            Close
          </Button>
          <Button
            loading={test.isPending}
            onClick={() => test.mutate(destination.id)}
            data-autofocus
          >
            {test.data || test.error ? "Test again" : "Start test"}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Running() {
  return (
    <Stack gap={6}>
      <Progress value={100} animated aria-label="The test is running" />
      <Text size="sm" c="dimmed">
        Connecting and sending; ten seconds at most…
      </Text>
    </Stack>
  );
}

const STOPPED_AT: Record<DestinationTest["stage"], string> = {
  resolve: "The address cannot be used",
  connect: "There is no connection",
  publish: "The stream was not accepted",
  done: "It works",
};

function Result({ result }: { result: DestinationTest }) {
  return (
    <Alert
      color={result.ok ? "green" : "red"}
      variant="light"
      icon={result.ok ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={STOPPED_AT[result.stage]}
    >
      <Text size="sm">{result.message}</Text>
      <Text size="xs" c="dimmed" mt={4}>
        {(result.durationMs / 1000).toFixed(1)} s
      </Text>
    </Alert>
  );
}
