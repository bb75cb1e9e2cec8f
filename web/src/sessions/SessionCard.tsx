import { Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { whenLine } from "../ui/time";
import { EnterButton } from "./EnterButton";
import { Poster } from "./poster/Poster";
import type { Session } from "./queries";
import classes from "./SessionCard.module.css";
import { StatusBadge } from "./StatusBadge";

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
      <Group justify="space-between" align="center">
        {wasOnAir(session) && (
          <Poster sessionId={session.id} live={session.status === "live"} size="card" />
        )}
        <Stack gap={2} flex="1 1 260px" miw={0}>
          <Group gap="xs">
            <Title order={3} size="h5" lineClamp={1}>
              <Link to={`/sessions/${session.id}`} className={classes.link ?? ""}>
                {session.title}
              </Link>
            </Title>
            <StatusBadge status={session.status} />
          </Group>
          <Text size="sm" c="dimmed" lineClamp={2}>
            {[lesson !== session.title && lesson, whenLine(session)].filter(Boolean).join(" · ")}
          </Text>
        </Stack>
        <Group gap="xs" wrap="nowrap">
          {teaches && session.status === "ended" && <AttendanceLink session={session} />}
          <EnterButton session={session} teaches={teaches} />
        </Group>
      </Group>
    </Card>
  );
}

const wasOnAir = ({ status }: Session) => status === "live" || status === "ended";

function AttendanceLink({ session }: { session: Session }) {
  return (
    <Button component={Link} to={`/sessions/${session.id}/attendance`} variant="subtle">
      Attendance
    </Button>
  );
}
