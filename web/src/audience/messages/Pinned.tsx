import { ActionIcon, Group, Text } from "@mantine/core";
import { IconPin, IconX } from "@tabler/icons-react";
import { useCommand } from "../../api/useCommand";
import classes from "../Audience.module.css";
import type { ChatLine } from "../chat/chat";
import { setPinned } from "../commands";
import type { Reader } from "../reader";

interface PinnedProps {
  lines: readonly ChatLine[];
  reader: Reader;
}

/** What staff want everybody to see, on top of the chat. */
export function Pinned({ lines, reader }: PinnedProps) {
  const pin = useCommand(setPinned);
  if (lines.length === 0) return null;
  return (
    <ul className={classes.pins} aria-label="Pinned messages">
      {lines.map((line) => (
        <Group component="li" key={line.id} gap="xs" wrap="nowrap" align="start">
          <IconPin size={15} aria-hidden className={classes.pin} />
          <Text size="sm" flex={1} className={classes.text ?? ""} lineClamp={3}>
            <b>{reader.nameOf(line.participantId)}</b> {line.content}
          </Text>
          {reader.moderates && (
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={`Unpin: ${line.content}`}
              onClick={() => pin.mutate({ id: line.id, on: false })}
            >
              <IconX size={14} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
    </ul>
  );
}
