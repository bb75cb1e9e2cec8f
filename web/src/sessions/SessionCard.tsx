import { Badge, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { dayName, timeOfDay } from "../ui/time";
import type { Session } from "./queries";
import classes from "./SessionCard.module.css";

interface SessionCardProps {
  session: Session;
  lesson: string | undefined;
  teaches: boolean;
}

export function SessionCard({ session, lesson, teaches }: SessionCardProps) {
  return (
    <Card
      component="article"
      withBorder
      padding="md"
      className={classes.card}
      data-status={session.status}
      aria-label={session.title}
    >
      <Group justify="space-between" wrap="nowrap" align="center">
        <Stack gap={2} miw={0}>
          <Group gap="xs">
            <Title order={3} size="h5" lineClamp={1}>
              {session.title}
            </Title>
            <StatusBadge status={session.status} />
          </Group>
          <Text size="sm" c="dimmed" lineClamp={1}>
            {[lesson !== session.title && lesson, when(session)].filter(Boolean).join(" · ")}
          </Text>
        </Stack>
        <Group gap="xs" wrap="nowrap">
          {teaches && session.status === "ended" && <AttendanceLink session={session} />}
          <Action session={session} teaches={teaches} />
        </Group>
      </Group>
    </Card>
  );
}

function when(session: Session): string {
  const start = new Date(session.scheduledStart);
  const end = new Date(session.scheduledEnd);
  return `${dayName(start, new Date())}, ${timeOfDay(start)} to ${timeOfDay(end)}`;
}

function StatusBadge({ status }: { status: Session["status"] }) {
  if (status === "live") {
    return (
      <Badge color="red.9" variant="filled" leftSection={<span className={classes.dot} />}>
        Live
      </Badge>
    );
  }
  if (status === "cancelled") return <Badge color="gray">Cancelled</Badge>;
  return null;
}

function AttendanceLink({ session }: { session: Session }) {
  return (
    <Button component={Link} to={`/sessions/${session.id}/attendance`} variant="subtle">
      Attendance
    </Button>
  );
}

function Action({ session, teaches }: { session: Session; teaches: boolean }) {
  if (session.status === "cancelled") return null;
  if (session.status === "ended") {
    return (
      <Button
        component={Link}
        to={`/sessions/${session.id}/replay`}
        variant="default"
        className={classes.action ?? ""}
      >
        Watch replay
      </Button>
    );
  }
  const waiting = session.status === "scheduled";
  return (
    <Button
      component={Link}
      to={`/sessions/${session.id}/room`}
      variant={waiting ? "light" : "filled"}
      className={classes.action ?? ""}
    >
      {waiting ? (teaches ? "Start class" : "Waiting room") : "Join class"}
    </Button>
  );
}
