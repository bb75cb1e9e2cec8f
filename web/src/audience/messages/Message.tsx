import { Group, Text } from "@mantine/core";
import { useState } from "react";
import { timeOfDay } from "../../ui/time";
import classes from "../Audience.module.css";
import type { ChatLine } from "../chat/chat";
import { editChat } from "../commands";
import type { Reader } from "../reader";
import type { ChatRules } from "../useAudience";
import { Composer } from "../writing/Composer";
import { MessageMenu } from "./MessageMenu";
import { Reactions, ReactMenu } from "./Reactions";

interface MessageProps {
  line: ChatLine;
  reader: Reader;
  rules: ChatRules;
}

export function Message({ line, reader, rules }: MessageProps) {
  const [editing, setEditing] = useState(false);
  return (
    <li className={classes.item}>
      <Group justify="space-between" wrap="nowrap" gap="xs" mih={22}>
        <Text size="xs" c="dimmed" truncate>
          <b>{reader.nameOf(line.participantId)}</b> {timeOfDay(new Date(line.sentAt))}
          {line.edited && " · edited"}
          {rules.muted.includes(line.participantId) && " · muted"}
        </Text>
        <Group gap={2} wrap="nowrap" className={classes.actions ?? ""}>
          <ReactMenu line={line} />
          <MessageMenu
            line={line}
            reader={reader}
            rules={rules}
            onEdit={() => setEditing(!editing)}
          />
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
      <Reactions line={line} />
    </li>
  );
}
