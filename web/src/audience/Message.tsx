import { ActionIcon, Group, Text } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useCommand } from "../api/useCommand";
import { ProblemAlert } from "../ui/ProblemAlert";
import { timeOfDay } from "../ui/time";
import classes from "./Audience.module.css";
import { Composer } from "./Composer";
import type { ChatLine } from "./chat";
import { deleteChat, editChat } from "./commands";
import type { Reader } from "./reader";

interface MessageProps {
  line: ChatLine;
  reader: Reader;
}

export function Message({ line, reader }: MessageProps) {
  const [editing, setEditing] = useState(false);
  const remove = useCommand(deleteChat);
  const name = reader.nameOf(line.participantId);
  const own = line.participantId === reader.me;
  return (
    <li className={classes.item}>
      <Group justify="space-between" wrap="nowrap" gap="xs" mih={22}>
        <Text size="xs" c="dimmed" truncate>
          <b>{name}</b> {timeOfDay(new Date(line.sentAt))}
          {line.edited && " · edited"}
        </Text>
        <Group gap={2} wrap="nowrap" className={classes.actions ?? ""}>
          {own && (
            <ActionIcon
              size="sm"
              variant="subtle"
              aria-label={`Edit your message: ${line.content}`}
              onClick={() => setEditing(!editing)}
            >
              <IconPencil size={14} aria-hidden />
            </ActionIcon>
          )}
          {(own || reader.moderates) && (
            <ActionIcon
              size="sm"
              variant="subtle"
              color="red"
              aria-label={`Delete the message of ${name}: ${line.content}`}
              loading={remove.isPending}
              onClick={() => remove.mutate(line.id)}
            >
              <IconTrash size={14} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      </Group>
      {editing ? (
        <Composer
          label="Edit message"
          placeholder=""
          sendLabel="Save message"
          target={line.id}
          initial={line.content}
          send={editChat}
          onSent={() => setEditing(false)}
          onCancel={() => setEditing(false)}
        />
      ) : (
        <Text size="sm" className={classes.text ?? ""}>
          {line.content}
        </Text>
      )}
      {remove.error && <ProblemAlert title="Not deleted" error={remove.error} />}
    </li>
  );
}
