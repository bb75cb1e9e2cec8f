import { Text } from "@mantine/core";
import { TYPE_NAMES } from "../destinations/names";
import type { SessionDestination } from "../destinations/queries";
import { WORDS } from "./words";

interface PlatformWordProps {
  type: SessionDestination["type"];
  said: NonNullable<SessionDestination["platform"]>;
}

/** What the platform itself says of the stream that it gets. */
export function PlatformWord({ type, said: { status, issues } }: PlatformWordProps) {
  const { color, text } = WORDS[status];
  return (
    <>
      <Text size="xs" mt={4}>
        {TYPE_NAMES[type]} says:{" "}
        <Text span fw={600} {...(color && { c: color })}>
          {text}
        </Text>
      </Text>
      {issues.map(({ severity, message }) => (
        <Text key={message} size="xs" {...(severity === "info" && { c: "dimmed" })}>
          {message}
        </Text>
      ))}
    </>
  );
}
