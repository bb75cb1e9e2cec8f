import { Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { clockTime } from "../ui/time";
import type { Replay } from "./queries";

interface HighlightsProps {
  highlights: Replay["highlights"];
  onSeek: (timeMs: number) => void;
}

export function Highlights({ highlights, onSeek }: HighlightsProps) {
  if (highlights.length === 0) return null;
  return (
    <section aria-label="Highlights">
      <Title order={2} size="h5" mb={6}>
        Highlights
      </Title>
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }}>
        {highlights.map(({ startMs, title, reason }) => (
          <li key={`${startMs} ${title}`}>
            <UnstyledButton onClick={() => onSeek(startMs)}>
              <Text size="sm" fw={550}>
                {title}
              </Text>
              <Text size="xs" c="dimmed">
                {clockTime(startMs)} · {reason}
              </Text>
            </UnstyledButton>
          </li>
        ))}
      </Stack>
    </section>
  );
}
