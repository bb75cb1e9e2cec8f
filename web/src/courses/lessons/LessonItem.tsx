import { ActionIcon, Anchor, Badge, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { Link } from "react-router";
import type { Session } from "../../sessions/queries";
import { StatusBadge } from "../../sessions/StatusBadge";
import { whenLine } from "../../ui/time";
import type { Lesson } from "../queries";
import { LessonActions } from "./LessonActions";

interface LessonItemProps {
  lesson: Lesson;
  sessions: Session[];
  teaches: boolean;
  first: boolean;
  last: boolean;
  onMove: (step: -1 | 1) => void;
}

export function LessonItem({ lesson, sessions, teaches, ...place }: LessonItemProps) {
  return (
    <Card component="li" withBorder padding="md" aria-label={lesson.title}>
      <Group justify="space-between" align="start">
        <Stack gap={4} miw={0} flex="1 1 240px">
          <Group gap="xs">
            <Title order={3} size="h5">
              {lesson.title}
            </Title>
            {lesson.archived && <Badge color="gray">Archived</Badge>}
          </Group>
          {lesson.description && (
            <Text size="sm" style={{ whiteSpace: "pre-line" }}>
              {lesson.description}
            </Text>
          )}
          <Classes sessions={sessions} />
        </Stack>
        {teaches && (
          <Group gap={4} wrap="nowrap">
            {!lesson.archived && <Move title={lesson.title} {...place} />}
            <LessonActions lesson={lesson} />
          </Group>
        )}
      </Group>
    </Card>
  );
}

function Classes({ sessions }: { sessions: Session[] }) {
  if (sessions.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No class planned.
      </Text>
    );
  }
  return (
    <Stack component="ul" gap={2} p={0} m={0} style={{ listStyle: "none" }} aria-label="Classes">
      {sessions.map((session) => (
        <Group component="li" key={session.id} gap="xs">
          <Anchor component={Link} to={`/sessions/${session.id}`} size="sm">
            {session.title}
          </Anchor>
          <Text size="sm" c="dimmed">
            {whenLine(session)}
          </Text>
          <StatusBadge status={session.status} />
        </Group>
      ))}
    </Stack>
  );
}

type MoveProps = Pick<LessonItemProps, "first" | "last" | "onMove"> & { title: string };

/** Stays in the order of tabs at either end, so that the keyboard's place is not lost when a lesson arrives there. */
function Move({ title, first, last, onMove }: MoveProps) {
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Move ${title} up`}
        aria-disabled={first}
        data-disabled={first}
        onClick={() => onMove(-1)}
      >
        <IconArrowUp size={18} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Move ${title} down`}
        aria-disabled={last}
        data-disabled={last}
        onClick={() => onMove(1)}
      >
        <IconArrowDown size={18} aria-hidden />
      </ActionIcon>
    </>
  );
}
