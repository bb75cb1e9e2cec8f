import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useCommand } from "../../api/useCommand";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { cancelSession, type Session } from "../queries";

export function CancelSession({ session }: { session: Session }) {
  const queryClient = useQueryClient();
  const cancel = useCommand(cancelSession, {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["sessions"] }),
  });
  const confirm = () =>
    cancel.mutate(session.id, {
      onError: (problem) =>
        notifications.show({
          color: "red",
          title: "The class was not cancelled",
          message: problem.message,
        }),
    });
  return (
    <ConfirmButton
      question={`Cancel ${session.title}?`}
      explanation="It stays in everybody's list as cancelled. A cancelled class cannot be started any more."
      confirmLabel="Cancel class"
      onConfirm={confirm}
      button={(open) => (
        <Button variant="default" loading={cancel.isPending} onClick={open}>
          Cancel class
        </Button>
      )}
    />
  );
}
