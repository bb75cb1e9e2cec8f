import { notifications } from "@mantine/notifications";
import { IconPlayerStop } from "@tabler/icons-react";
import { adviceFor } from "../../api/advice";
import type { Problem } from "../../api/problem";
import { useCommand } from "../../api/useCommand";
import { endSession } from "../../sessions/queries";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { BarButton } from "./BarButton";

const tell = (problem: Problem) =>
  notifications.show({
    color: "red",
    title: "The class is still running",
    message: `${problem.message} ${adviceFor(problem) ?? ""}`,
  });

export function EndClass({ sessionId, onEnded }: { sessionId: string; onEnded: () => void }) {
  const end = useCommand(endSession, { onSuccess: onEnded });
  return (
    <ConfirmButton
      question="End the class for everyone?"
      explanation="Everybody leaves, streaming stops, and the replay is made."
      confirmLabel="End class"
      onConfirm={() => end.mutate(sessionId, { onError: tell })}
      button={(open) => (
        <BarButton
          danger
          label="End class"
          icon={IconPlayerStop}
          disabled={end.isPending}
          onClick={open}
        />
      )}
    />
  );
}
