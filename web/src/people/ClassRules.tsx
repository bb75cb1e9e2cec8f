import { Anchor, Button, Group, Stack, Switch } from "@mantine/core";
import { IconLock, IconLockOpen, IconMicrophoneOff } from "@tabler/icons-react";
import { useCommand } from "../api/useCommand";
import { canTeach, useUser } from "../auth/user";
import { InviteDialog } from "../invitations/InviteDialog";
import { ProblemAlert } from "../ui/ProblemAlert";
import { muteAll, setLock, setRule } from "./commands";
import type { Order } from "./order";

/** What holds for all of the class, and the one button that makes it quiet. */
export function ClassRules({ order }: { order: Order }) {
  const { sessionId } = order;
  const { locked, studentsMayPublish } = order.rules;
  const rule = useCommand(setRule);
  const lock = useCommand(setLock);
  const quiet = useCommand(muteAll);
  const teaches = canTeach(useUser());
  const error = rule.error ?? lock.error ?? quiet.error;
  return (
    <Stack gap="xs">
      <Switch
        label="Students may speak without asking"
        checked={studentsMayPublish}
        disabled={rule.isPending}
        onChange={(event) =>
          rule.mutate({ sessionId, studentsMayPublish: event.currentTarget.checked })
        }
      />
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant={locked ? "light" : "default"}
          leftSection={locked ? <IconLock size={15} /> : <IconLockOpen size={15} />}
          aria-pressed={locked}
          loading={lock.isPending}
          onClick={() => lock.mutate({ sessionId, locked: !locked })}
        >
          {locked ? "Locked" : "Lock class"}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconMicrophoneOff size={15} />}
          loading={quiet.isPending}
          onClick={() => quiet.mutate(sessionId)}
        >
          Mute students
        </Button>
        {teaches && <InviteDialog sessionId={sessionId} />}
      </Group>
      {teaches && (
        <Anchor size="sm" href={`/sessions/${sessionId}/attendance`} target="_blank">
          Attendance
        </Anchor>
      )}
      {error && <ProblemAlert title="Nothing was changed" error={error} />}
    </Stack>
  );
}
