import { ActionIcon, Menu } from "@mantine/core";
import {
  IconDots,
  IconMessageOff,
  IconMessagePlus,
  IconPencil,
  IconPin,
  IconPinnedOff,
  IconTrash,
} from "@tabler/icons-react";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import type { ChatLine } from "../chat/chat";
import { deleteChat, setMuted, setPinned } from "../commands";
import type { Reader } from "../reader";
import type { ChatRules } from "../useAudience";

interface MessageMenuProps {
  line: ChatLine;
  reader: Reader;
  rules: ChatRules;
  onEdit: () => void;
}

/** What one may do with a message: with one's own, and as staff with anybody's. */
export function MessageMenu({ line, reader, rules, onEdit }: MessageMenuProps) {
  const remove = useCommand(deleteChat);
  const pin = useCommand(setPinned);
  const mute = useCommand(setMuted);
  const own = line.participantId === reader.me;
  if (!own && !reader.moderates) return null;
  const name = reader.nameOf(line.participantId);
  const pinned = rules.pins.includes(line.id);
  const muted = rules.muted.includes(line.participantId);
  const error = remove.error ?? pin.error ?? mute.error;
  return (
    <>
      <Menu position="bottom-end" withinPortal shadow="md">
        <Menu.Target>
          <ActionIcon
            size="sm"
            variant="subtle"
            aria-label={`Actions for the message of ${name}: ${line.content}`}
          >
            <IconDots size={15} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {own && (
            <Menu.Item leftSection={<IconPencil size={14} aria-hidden />} onClick={onEdit}>
              Edit
            </Menu.Item>
          )}
          {reader.moderates && (
            <Menu.Item
              leftSection={pinned ? <IconPinnedOff size={14} /> : <IconPin size={14} />}
              onClick={() => pin.mutate({ id: line.id, on: !pinned })}
            >
              {pinned ? "Unpin" : "Pin on top"}
            </Menu.Item>
          )}
          {reader.moderates && reader.roleOf(line.participantId) === "student" && (
            <Menu.Item
              leftSection={muted ? <IconMessagePlus size={14} /> : <IconMessageOff size={14} />}
              onClick={() =>
                mute.mutate({
                  sessionId: reader.sessionId,
                  participantId: line.participantId,
                  on: !muted,
                })
              }
            >
              {muted ? `Let ${name} write` : `Mute ${name}`}
            </Menu.Item>
          )}
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={14} aria-hidden />}
            onClick={() => remove.mutate(line.id)}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {error && <ProblemAlert title="Nothing was changed" error={error} />}
    </>
  );
}
