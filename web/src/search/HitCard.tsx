import { Badge, Card, Group, Mark, Text } from "@mantine/core";
import { Link } from "react-router";
import { clockTime, dayName } from "../ui/time";
import type { Hit } from "./queries";

const LABELS: Record<Hit["kind"], string> = {
  transcript: "Said",
  slide: "Slide",
  chat: "Chat",
  question: "Question",
};

/** One place in a class; the whole card leads there. */
export function HitCard({ hit }: { hit: Hit }) {
  const { sessionId, sessionTitle, courseTitle, heldAt, startMs, speaker, kind } = hit;
  return (
    <Card
      component="li"
      withBorder
      padding="sm"
      style={{ listStyle: "none", overflowWrap: "anywhere" }}
    >
      <Link
        to={`/sessions/${sessionId}/replay?t=${startMs}`}
        style={{ color: "inherit", textDecoration: "none" }}
      >
        <Group gap="xs" mb={4}>
          <Badge variant="light" tt="none" size="sm">
            {LABELS[kind]}
          </Badge>
          <Text size="xs" c="dimmed">
            {sessionTitle} · {courseTitle} · {dayName(new Date(heldAt), new Date())} ·{" "}
            {clockTime(startMs)}
          </Text>
        </Group>
        <Text size="sm">
          {speaker && <b>{speaker}: </b>}
          <Snippet parts={hit.snippet} />
        </Text>
      </Link>
    </Card>
  );
}

function Snippet({ parts }: { parts: Hit["snippet"] }) {
  return parts.map(({ text, hit }, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a snippet have no name of their own and never move
    hit ? <Mark key={index}>{text}</Mark> : <span key={index}>{text}</span>,
  );
}
