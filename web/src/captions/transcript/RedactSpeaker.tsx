import { ActionIcon } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconEraser } from "@tabler/icons-react";
import { useCommand } from "../../api/useCommand";
import { canTeach, useUser } from "../../auth/user";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { redactSpeaker } from "../queries";

interface RedactSpeakerProps {
  sessionId: string;
  participantId: string;
  name: string;
  onDone?: () => unknown;
}

/** All that somebody said, out of the class for good; nothing at all for who doesn't teach. */
export function RedactSpeaker({ sessionId, participantId, name, onDone }: RedactSpeakerProps) {
  const teaches = canTeach(useUser());
  const redact = useCommand(redactSpeaker, {
    onSuccess: async () => {
      notifications.show({ message: `What ${name} said is taken out of the class.` });
      await onDone?.();
    },
    onError: ({ message }) =>
      notifications.show({ color: "red", title: "Nothing was taken out", message }),
  });
  if (!teaches) return null;
  return (
    <ConfirmButton
      question={`Take out all that ${name} said?`}
      explanation="Every caption of theirs leaves the transcript, the search and whatever is made of the class, for good: nobody can bring it back. The sound in the recording stays."
      confirmLabel="Take out for good"
      onConfirm={() => redact.mutate({ sessionId, participantId })}
      button={(open) => (
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={`Take out all that ${name} said`}
          title={`Take out all that ${name} said`}
          loading={redact.isPending}
          onClick={open}
        >
          <IconEraser size={14} aria-hidden />
        </ActionIcon>
      )}
    />
  );
}
