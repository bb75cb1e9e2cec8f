import { ActionIcon, Button, Group, Menu } from "@mantine/core";
import { IconMoodPlus } from "@tabler/icons-react";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import type { ChatLine, Reacted } from "../chat/chat";
import { ALL_EMOJI, EMOJI, type Emoji } from "../chat/emoji";
import { setReaction } from "../commands";

interface ReactionsProps {
  line: ChatLine;
}

/** What others made of a message; pressing one adds one's own or takes it back. */
export function Reactions({ line }: ReactionsProps) {
  const react = useCommand(setReaction);
  const toggle = (emoji: Emoji) =>
    react.mutate({ id: line.id, emoji, on: !line.reactions.get(emoji)?.mine });
  return (
    <>
      {line.reactions.size > 0 && (
        <Group gap={4} mt={2}>
          {ALL_EMOJI.map((emoji) => {
            const reacted = line.reactions.get(emoji);
            const press = () => toggle(emoji);
            return reacted && <Chip key={emoji} emoji={emoji} reacted={reacted} onToggle={press} />;
          })}
        </Group>
      )}
      {react.error && <ProblemAlert title="Your reaction was not kept" error={react.error} />}
    </>
  );
}

interface ChipProps {
  emoji: Emoji;
  reacted: Reacted;
  onToggle: () => void;
}

function Chip({ emoji, reacted: { count, mine }, onToggle }: ChipProps) {
  return (
    <Button
      size="compact-xs"
      radius="xl"
      variant={mine ? "light" : "default"}
      aria-pressed={mine}
      aria-label={`${EMOJI[emoji].name}: ${count}`}
      onClick={onToggle}
    >
      {EMOJI[emoji].sign} {count}
    </Button>
  );
}

/** Opens the reactions there are. */
export function ReactMenu({ line }: ReactionsProps) {
  const react = useCommand(setReaction);
  return (
    <Menu position="bottom-end" withinPortal shadow="md">
      <Menu.Target>
        <ActionIcon size="sm" variant="subtle" aria-label={`React to: ${line.content}`}>
          <IconMoodPlus size={15} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {ALL_EMOJI.map((emoji) => {
          const on = !line.reactions.get(emoji)?.mine;
          return (
            <Menu.Item
              key={emoji}
              leftSection={<span aria-hidden>{EMOJI[emoji].sign}</span>}
              onClick={() => react.mutate({ id: line.id, emoji, on })}
            >
              {on ? EMOJI[emoji].name : `Take back ${EMOJI[emoji].name}`}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
