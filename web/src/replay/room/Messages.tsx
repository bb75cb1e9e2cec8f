import { Text } from "@mantine/core";
import { ALL_EMOJI, EMOJI } from "../../audience/chat/emoji";
import { Jump } from "../made/Jump";
import type { Then } from "./Room";
import classes from "./Room.module.css";

/** The chat so far; a click plays from where it was written. What was deleted since has no text. */
export function Messages({ then }: { then: Then }) {
  const { chat, view, nameOf, clockOf, onSeek } = then;
  const lines = chat.filter(({ content }) => content);
  if (lines.length === 0) return <None>No messages so far.</None>;
  return (
    <ol className={classes.list} aria-label="Messages so far">
      {lines.map((line) => (
        <li key={line.id}>
          <Jump
            timeMs={clockOf(line.sequence)}
            onSeek={onSeek}
            detail={`${nameOf(line.participantId)}${marks(line.edited, view.chat.pins.includes(line.id))}`}
          >
            {line.content}
          </Jump>
          {line.reactions.size > 0 && (
            <Text size="xs">
              {ALL_EMOJI.flatMap((emoji) => {
                const reacted = line.reactions.get(emoji);
                return reacted ? [`${EMOJI[emoji].sign} ${reacted.count}`] : [];
              }).join("  ")}
            </Text>
          )}
        </li>
      ))}
    </ol>
  );
}

const marks = (edited: boolean, pinned: boolean): string =>
  `${edited ? " · edited" : ""}${pinned ? " · pinned" : ""}`;

/** What a tab says that has nothing to show yet. */
export function None({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}
