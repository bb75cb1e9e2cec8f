import { Button, Group, Skeleton, Stack, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCalendarPlus, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { canTeach, useUser } from "../auth/user";
import { coursesQuery, lessonNames, lessonsQuery } from "../courses/queries";
import { Notice } from "../ui/Notice";
import { ProblemAlert } from "../ui/ProblemAlert";
import { NewSession } from "./create/NewSession";
import { groupSessions } from "./grouping";
import { type Session, sessionsQuery } from "./queries";
import { SessionCard } from "./SessionCard";

export function Component() {
  const teaches = canTeach(useUser());
  const [creating, { open, close }] = useDisclosure(false);
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={1} size="h2">
          Sessions
        </Title>
        {teaches && (
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={open}>
            New session
          </Button>
        )}
      </Group>
      <SessionList teaches={teaches} onCreate={open} />
      {teaches && <NewSession opened={creating} onClose={close} />}
    </Stack>
  );
}

function SessionList({ teaches, onCreate }: { teaches: boolean; onCreate: () => void }) {
  const list = useInfiniteQuery(sessionsQuery);
  if (list.isPending) return <Loading />;
  if (!list.data) return <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />;
  const sessions = list.data.pages.flatMap((page) => page.items);
  if (sessions.length === 0) return <Empty teaches={teaches} onCreate={onCreate} />;
  const groups = groupSessions(sessions);
  return (
    <>
      <Section title="Live now" sessions={groups.live} teaches={teaches} />
      <Section title="Upcoming" sessions={groups.upcoming} teaches={teaches} />
      <Section title="Past" sessions={groups.past} teaches={teaches} />
      {list.hasNextPage && (
        <Button
          variant="default"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}

interface SectionProps {
  title: string;
  sessions: Session[];
  teaches: boolean;
}

function Section({ title, sessions, teaches }: SectionProps) {
  const courses = useQuery(coursesQuery);
  const lessons = useQuery(lessonsQuery);
  if (sessions.length === 0) return null;
  const names = lessonNames(courses.data?.items ?? [], lessons.data?.items ?? []);
  return (
    <Stack component="section" gap="xs" aria-label={title}>
      <Title order={2} size="h4" c="dimmed">
        {title}
      </Title>
      {sessions.map((session) => (
        <SessionCard
          key={session.id}
          session={session}
          lesson={names.get(session.lessonId)}
          teaches={teaches}
        />
      ))}
    </Stack>
  );
}

function Empty({ teaches, onCreate }: { teaches: boolean; onCreate: () => void }) {
  return (
    <Notice
      icon={<IconCalendarPlus size={44} stroke={1.4} aria-hidden />}
      title="No sessions yet"
      text={
        teaches
          ? "Create your first session: start it at once or schedule it."
          : "When your teacher schedules a class, it appears here."
      }
    >
      {teaches && <Button onClick={onCreate}>Create a session</Button>}
    </Notice>
  );
}

function Loading() {
  return (
    <Stack gap="xs" role="status" aria-label="Loading sessions">
      {[1, 2, 3].map((line) => (
        <Skeleton key={line} height={78} radius="md" />
      ))}
    </Stack>
  );
}
