import { Button, Group } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCommand } from "../../api/useCommand";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { closePoll, deletePoll, exportAddress, openPoll, pollsQuery } from "../queries";
import type { Poll } from "../told";

interface KeeperActionsProps {
  poll: Poll;
  onEdit: () => void;
}

/** What staff do with a poll, by where it stands. */
export function KeeperActions({ poll, onEdit }: KeeperActionsProps) {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries(pollsQuery(poll.sessionId));
  const open = useCommand(openPoll, { onSuccess });
  const close = useCommand(closePoll, { onSuccess });
  const remove = useCommand(deletePoll, { onSuccess });
  const error = open.error ?? close.error ?? remove.error;
  return (
    <>
      <Group gap="xs">
        {poll.status === "draft" && (
          <>
            <Button size="compact-sm" loading={open.isPending} onClick={() => open.mutate(poll.id)}>
              Open
            </Button>
            <Button size="compact-sm" variant="default" onClick={onEdit}>
              Edit
            </Button>
            <ConfirmButton
              question="Delete this draft?"
              explanation={`“${poll.prompt}” has not been asked yet.`}
              confirmLabel="Delete draft"
              onConfirm={() => remove.mutate(poll.id)}
              button={(ask) => (
                <Button size="compact-sm" variant="subtle" color="red" onClick={ask}>
                  Delete
                </Button>
              )}
            />
          </>
        )}
        {poll.status === "open" && (
          <Button size="compact-sm" loading={close.isPending} onClick={() => close.mutate(poll.id)}>
            Close poll
          </Button>
        )}
        {poll.status !== "draft" && (
          <Button
            component="a"
            size="compact-sm"
            variant="default"
            href={exportAddress(poll.id)}
            download
          >
            Export CSV
          </Button>
        )}
      </Group>
      {error && <ProblemAlert title="Nothing was changed" error={error} />}
    </>
  );
}
