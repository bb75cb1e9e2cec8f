import { Stack } from "@mantine/core";
import { Jump } from "./made/Jump";
import type { Replay } from "./queries";

interface HighlightsProps {
  highlights: Replay["highlights"];
  onSeek: (timeMs: number) => void;
}

export function Highlights({ highlights, onSeek }: HighlightsProps) {
  return (
    <Stack
      component="ul"
      gap="xs"
      p={0}
      m={0}
      aria-label="Highlights"
      style={{ listStyle: "none" }}
    >
      {highlights.map(({ startMs, title, reason }) => (
        <li key={`${startMs} ${title}`}>
          <Jump timeMs={startMs} onSeek={onSeek} detail={reason}>
            {title}
          </Jump>
        </li>
      ))}
    </Stack>
  );
}
