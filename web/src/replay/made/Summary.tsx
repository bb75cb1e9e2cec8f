import { Stack, Text } from "@mantine/core";
import type { Replay } from "../queries";
import { Jump } from "./Jump";
import { Points } from "./Points";

interface SummaryProps {
  summary: NonNullable<Replay["summary"]>;
  onSeek: (timeMs: number) => void;
}

/** What the class was about and what is to be done; says whether a language model wrote it. */
export function Summary({ summary, onSeek }: SummaryProps) {
  const { method, points, keyTerms, actionItems } = summary;
  if (points.length + keyTerms.length + actionItems.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Too little was said for a summary.
      </Text>
    );
  }
  return (
    <Stack gap="md">
      <Points title="In short">
        {points.map(({ startMs, text, speaker }) => (
          <li key={`${startMs} ${text}`}>
            <Jump timeMs={startMs} onSeek={onSeek} detail={speaker}>
              {text}
            </Jump>
          </li>
        ))}
      </Points>
      <Points title="To do">
        {actionItems.map(({ startMs, text, speaker }) => (
          <li key={`${startMs} ${text}`}>
            <Jump timeMs={startMs} onSeek={onSeek} detail={speaker}>
              {text}
            </Jump>
          </li>
        ))}
      </Points>
      <Points title="Key terms">
        {keyTerms.map(({ term, startMs, meaning, count }) => (
          <li key={term}>
            <Jump timeMs={startMs} onSeek={onSeek} detail={meaning || `said ${count} times`}>
              {term}
            </Jump>
          </li>
        ))}
      </Points>
      <Text size="xs" c="dimmed">
        {method === "extractive"
          ? "Sentences of the class itself, chosen by the machine."
          : `Written by the language model ${method}; check it before you rely on it.`}
      </Text>
    </Stack>
  );
}
