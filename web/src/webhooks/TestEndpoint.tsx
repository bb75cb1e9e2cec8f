import { Alert, Button, Group, Modal, Progress, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useCommand } from "../api/useCommand";
import { ProblemAlert } from "../ui/ProblemAlert";
import { testEndpoint, type WebhookTest } from "./queries";

interface TestEndpointProps {
  id: string;
  title: string;
  opened: boolean;
  onClose: () => void;
}

export function TestEndpoint({ id, title, opened, onClose }: TestEndpointProps) {
  const test = useCommand(testEndpoint);
  const close = () => {
    test.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={`Test ${title}`}>
      <Stack>
        <Text size="sm">Sends one signed event of type ping and shows what comes back.</Text>
        <div role="status">
          {test.isPending && <Progress value={100} animated aria-label="The test is running" />}
          {test.data && <Result result={test.data} />}
        </div>
        {test.error && <ProblemAlert title="The test did not run" error={test.error} />}
        <Group justify="end">
          <Button variant="default" onClick={close}>
            Close
          </Button>
          <Button loading={test.isPending} onClick={() => test.mutate(id)} data-autofocus>
            {test.data || test.error ? "Test again" : "Send ping"}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Result({ result }: { result: WebhookTest }) {
  return (
    <Alert
      color={result.delivered ? "green" : "red"}
      variant="light"
      icon={result.delivered ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={result.delivered ? "It works" : "It was not delivered"}
    >
      <Text size="sm">{result.error ?? `The receiver answered ${result.status}.`}</Text>
      <Text size="xs" c="dimmed" mt={4}>
        {(result.durationMs / 1000).toFixed(1)} s
      </Text>
    </Alert>
  );
}
