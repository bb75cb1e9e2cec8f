import { Text, UnstyledButton } from "@mantine/core";
import { clockTime } from "../../ui/time";

interface JumpProps {
  timeMs: number;
  onSeek: (timeMs: number) => void;
  children: string;
  /** Said below, beside the time. */
  detail?: string | undefined;
}

/** A line that plays from its place in the class. */
export function Jump({ timeMs, onSeek, children, detail }: JumpProps) {
  return (
    <UnstyledButton onClick={() => onSeek(timeMs)} style={{ overflowWrap: "anywhere" }}>
      <Text size="sm">{children}</Text>
      <Text size="xs" c="dimmed">
        {clockTime(timeMs)}
        {detail && ` · ${detail}`}
      </Text>
    </UnstyledButton>
  );
}
