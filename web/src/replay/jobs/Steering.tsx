import { Button, Group, NativeSelect } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { adviceFor } from "../../api/advice";
import type { Problem } from "../../api/problem";
import { useCommand } from "../../api/useCommand";
import { replayQuery } from "../queries";
import { canCancel, canRetry, NAMES } from "./jobs";
import { type ArtifactJob, cancelJob, jobsQuery, retryJob } from "./queries";
import { Versions } from "./Versions";

interface SteeringProps {
  sessionId: string;
  job: ArtifactJob;
}

/** Retry, with another model where there is a choice, cancel, and a look at what came before. */
export function Steering({ sessionId, job: { kind, state, models } }: SteeringProps) {
  const [comparing, { open, close }] = useDisclosure(false);
  const queryClient = useQueryClient();
  const onSuccess = () =>
    Promise.all([
      queryClient.invalidateQueries(jobsQuery(sessionId)),
      queryClient.invalidateQueries(replayQuery(sessionId)),
    ]);
  const retry = useCommand(retryJob, { onSuccess });
  const cancel = useCommand(cancelJob, { onSuccess });
  const onError = (problem: Problem) => {
    void queryClient.invalidateQueries(jobsQuery(sessionId));
    notifications.show({
      color: "red",
      title: "That did not work",
      message: `${problem.message} ${adviceFor(problem) ?? ""}`,
    });
  };
  const wanting = state === "offered" ? "Make" : "Retry";
  return (
    <Group gap="xs" justify="end" wrap="nowrap">
      {canCancel(state) && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Cancel ${NAMES[kind]}`}
          leftSection={<IconPlayerStop size={14} aria-hidden />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate({ sessionId, kind }, { onError })}
        >
          Cancel
        </Button>
      )}
      {canRetry(state) && models && models.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label={`Model for ${NAMES[kind]}`}
          data={["", ...models].map((value) => ({ value, label: value || "Another model…" }))}
          value=""
          onChange={(event) =>
            retry.mutate({ sessionId, kind, model: event.currentTarget.value }, { onError })
          }
        />
      )}
      {state === "done" && (
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label={`Versions of ${NAMES[kind]}`}
          onClick={open}
        >
          Versions
        </Button>
      )}
      {comparing && <Versions sessionId={sessionId} kind={kind} onClose={close} />}
      {canRetry(state) && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`${wanting} ${NAMES[kind]}`}
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={retry.isPending}
          onClick={() => retry.mutate({ sessionId, kind }, { onError })}
        >
          {wanting}
        </Button>
      )}
    </Group>
  );
}
