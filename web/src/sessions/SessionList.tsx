import { Button, Skeleton, Stack, Title } from "@mantine/core";
import { IconCalendarPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { canTeachIn, useUser } from "../auth/user";
import { courseOfLesson, coursesQuery, lessonNames, lessonsQuery } from "../courses/queries";
import { Notice } from "../ui/Notice";
import { ProblemAlert } from "../ui/ProblemAlert";
import { byDay } from "./byDay";
import { everyCourse, type Session, type SessionFilter, sessionsQuery } from "./queries";
import { SessionCard } from "./SessionCard";

interface SessionListProps {
  filter: SessionFilter;
  /** Absent for who cannot make one. */
  onCreate?: (() => void) | undefined;
}

/** Live ones first, then day by day. */
export function SessionList({ filter, onCreate }: SessionListProps) {
  const list = useInfiniteQuery(sessionsQuery(filter));
  if (list.isPending) return <Loading />;
  if (!list.data) return <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />;
  const sessions = list.data.pages.flatMap((page) => page.items);
  if (sessions.length === 0) return <Empty filter={filter} onCreate={onCreate} />;
  return (
    <>
      {byDay(sessions, new Date()).map(([title, those]) => (
        <Section key={title} title={title} sessions={those} />
      ))}
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

function Section({ title, sessions }: { title: string; sessions: Session[] }) {
  const me = useUser();
  const courses = useQuery(coursesQuery);
  const lessons = useQuery(lessonsQuery);
  const names = lessonNames(courses.data?.items ?? [], lessons.data?.items ?? []);
  const courseOf = courseOfLesson(lessons.data?.items ?? []);
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
          teaches={canTeachIn(me, courseOf.get(session.lessonId) ?? "")}
        />
      ))}
    </Stack>
  );
}

function Empty({ filter, onCreate }: Pick<SessionListProps, "filter" | "onCreate">) {
  if (filter.over || filter.courseId !== everyCourse) {
    return <Notice title={filter.over ? "No past sessions here" : "Nothing planned here"} />;
  }
  return (
    <Notice
      icon={<IconCalendarPlus size={44} stroke={1.4} aria-hidden />}
      title="Nothing live or upcoming"
      text={
        onCreate
          ? "Create a session: start it at once or schedule it."
          : "When a teacher schedules a class in one of your courses, it appears here."
      }
    >
      {onCreate && <Button onClick={onCreate}>Create a session</Button>}
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
