import { ActionIcon, Button, Group, Menu } from "@mantine/core";
import { IconMoodPlus } from "@tabler/icons-react";
import { useCommand } from "../api/useCommand";
import { ProblemAlert } from "../ui/ProblemAlert";
import type { ChatLine } from "./chat";
import { setReaction } from "./commands";
import { ALL_EMOJI, EMOJI, type Emoji } from "./emoji";

interface ReactionsProps {
  line: ChatLine;
  me: string;
}

/** What others made of a message; pressing one adds one's own or takes it back. */
export function Reactions({ line, me }: ReactionsProps) {
  const react = useCommand(setReaction);
  const toggle = (emoji: Emoji) =>
    react.mutate({ id: line.id, emoji, on: line.reactions.get(emoji)?.has(me) !== true });
  return (
    <>
      {line.reactions.size > 0 && (
        <Group gap={4} mt={2}>
          {ALL_EMOJI.filter((emoji) => line.reactions.has(emoji)).map((emoji) => (
            <Chip
              key={emoji}
              emoji={emoji}
              people={line.reactions.get(emoji) ?? new Set()}
              me={me}
              onToggle={() => toggle(emoji)}
            />
          ))}
        </Group>
      )}
      {react.error && <ProblemAlert title="Your reaction was not kept" error={react.error} />}
    </>
  );
}

interface ChipProps {
  emoji: Emoji;
  people: ReadonlySet<string>;
  me: string;
  onToggle: () => void;
}

function Chip({ emoji, people, me, onToggle }: ChipProps) {
  const mine = people.has(me);
  return (
    <Button
      size="compact-xs"
      radius="xl"
      variant={mine ? "light" : "default"}
      aria-pressed={mine}
      aria-label={`${EMOJI[emoji].name}: ${people.size}`}
      onClick={onToggle}
    >
      {EMOJI[emoji].sign} {people.size}
    </Button>
  );
}

/** Opens the reactions there are. */
export function ReactMenu({ line, me }: ReactionsProps) {
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
          const on = line.reactions.get(emoji)?.has(me) !== true;
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
