import { Anchor, Button, Group, Skeleton, Stack, Tabs, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import { ChatHistory } from "../../audience/chat/ChatHistory";
import { canTeachIn, useUser } from "../../auth/user";
import { CaptionSettings } from "../../captions/settings/CaptionSettings";
import { coursesQuery, lessonsQuery } from "../../courses/queries";
import { Aftermath } from "../../onair/after/Aftermath";
import { OnAir } from "../../onair/OnAir";
import { BackLink } from "../../ui/BackLink";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { whenLine } from "../../ui/time";
import { EnterButton } from "../EnterButton";
import { type Session, sessionQuery } from "../queries";
import { StatusBadge } from "../StatusBadge";
import { CancelSession } from "./CancelSession";
import { EditSession } from "./EditSession";
import { PictureQuality } from "./PictureQuality";
import { Waiting } from "./Waiting";

/** A class begins and ends by other people's hands; this is how late the page may tell. */
const POLL_MS = 3_000;

export function Component() {
  const { sessionId = "" } = useParams();
  const session = useQuery({ ...sessionQuery(sessionId), refetchInterval: POLL_MS });
  const lessons = useQuery(lessonsQuery);
  if (session.isPending || lessons.isPending) {
    return <Skeleton height={240} role="status" aria-label="Loading session" />;
  }
  if (!session.data) {
    return <ProblemAlert error={session.error} onRetry={() => void session.refetch()} />;
  }
  const { lessonId } = session.data;
  const courseId = lessons.data?.items.find((lesson) => lesson.id === lessonId)?.courseId ?? "";
  return <Page session={session.data} courseId={courseId} />;
}

interface PageProps {
  session: Session;
  courseId: string;
}

function Page({ session, courseId }: PageProps) {
  const teaches = canTeachIn(useUser(), courseId);
  const planned = session.status === "scheduled";
  return (
    <Stack gap="lg">
      <Heading session={session} courseId={courseId} />
      <Group>
        <EnterButton session={session} teaches={teaches} />
        {teaches && session.status === "ended" && (
          <Button component={Link} to={`/sessions/${session.id}/attendance`} variant="default">
            Attendance
          </Button>
        )}
        {planned && teaches && <EditSession session={session} />}
        {planned && teaches && <CancelSession session={session} />}
      </Group>
      {planned && <Waiting session={session} />}
      {session.status === "cancelled" && <Text c="dimmed">This class was cancelled.</Text>}
      {teaches && session.status !== "cancelled" && <Sections session={session} />}
    </Stack>
  );
}

interface Section {
  value: string;
  label: string;
  panel: (session: Session) => ReactNode;
}

/** What staff look after; a feature adds its section here. */
const SECTIONS: Section[] = [
  {
    value: "on-air",
    label: "On air",
    panel: ({ id, status }) =>
      status === "ended" ? <Aftermath sessionId={id} /> : <OnAir sessionId={id} changedAt={0} />,
  },
  {
    value: "picture",
    label: "Picture",
    panel: ({ id, status }) => <PictureQuality sessionId={id} planned={status === "scheduled"} />,
  },
  {
    value: "chat",
    label: "Chat",
    panel: ({ id }) => <ChatHistory sessionId={id} />,
  },
  {
    value: "captions",
    label: "Captions",
    panel: ({ id }) => <CaptionSettings place={{ session: id }} />,
  },
];

function Sections({ session }: { session: Session }) {
  return (
    <Tabs defaultValue={SECTIONS[0]?.value ?? null} keepMounted={false}>
      <Tabs.List>
        {SECTIONS.map(({ value, label }) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {SECTIONS.map(({ value, panel }) => (
        <Tabs.Panel key={value} value={value} pt="md">
          {panel(session)}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function Heading({ session, courseId }: PageProps) {
  const courses = useQuery(coursesQuery);
  const lessons = useQuery(lessonsQuery);
  const course = courses.data?.items.find(({ id }) => id === courseId);
  const lesson = lessons.data?.items.find(({ id }) => id === session.lessonId);
  return (
    <div>
      <BackLink to="/dashboard">Sessions</BackLink>
      <Group gap="xs">
        <Title order={1} size="h2">
          {session.title}
        </Title>
        <StatusBadge status={session.status} />
      </Group>
      <Text>{whenLine(session)}</Text>
      {course && (
        <Text size="sm" c="dimmed">
          <Anchor component={Link} to={`/courses/${course.id}`} size="sm">
            {course.title}
          </Anchor>
          {lesson && ` · ${lesson.title}`}
        </Text>
      )}
    </div>
  );
}
