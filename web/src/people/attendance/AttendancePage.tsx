import { Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { sessionQuery } from "../../sessions/queries";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { timeOfDay } from "../../ui/time";
import classes from "./AttendancePage.module.css";
import { type Attendance, type Attendee, attendanceQuery } from "./queries";
import { barsOf, duration, type Span, spanOf } from "./timeline";

/** Who was in a class, drawn over its time. */
export function Component() {
  const { sessionId = "" } = useParams();
  const session = useQuery(sessionQuery(sessionId));
  const found = useQuery(attendanceQuery(sessionId));
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="end">
        <div>
          <Title order={1} size="h2">
            Attendance
          </Title>
          <Text c="dimmed">{session.data?.title}</Text>
        </div>
        <Button
          component="a"
          href={`/api/sessions/${sessionId}/attendance/export`}
          download
          variant="default"
          leftSection={<IconDownload size={17} aria-hidden />}
        >
          Download CSV
        </Button>
      </Group>
      {found.error && <ProblemAlert error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={160} />}
      {found.data && <Plot attendance={found.data} />}
    </Stack>
  );
}

function Plot({ attendance }: { attendance: Attendance }) {
  const span = spanOf(attendance);
  return (
    <>
      {span && <Scale span={span} />}
      {attendance.items.length === 0 && <Text>Nobody has joined this class.</Text>}
      <ul className={classes.list} aria-label="People in the class">
        {attendance.items.map((person) => (
          <Row key={person.participantId} person={person} span={span} />
        ))}
      </ul>
      {attendance.absent.length > 0 && (
        <section aria-label="Enrolled, but never came">
          <Title order={2} size="h5" mb="xs">
            Enrolled, but never came
          </Title>
          <Text>{attendance.absent.map((one) => one.name).join(", ")}</Text>
        </section>
      )}
    </>
  );
}

function Scale({ span }: { span: Span }) {
  return (
    <div className={classes.row} aria-hidden>
      <span className={classes.edge} />
      <Group justify="space-between" className={classes.scale ?? ""}>
        <span>{timeOfDay(new Date(span.startMs))}</span>
        <span>{timeOfDay(new Date(span.endMs))}</span>
      </Group>
    </div>
  );
}

function Row({ person, span }: { person: Attendee; span: Span | null }) {
  const bars = span ? barsOf(person, span) : [];
  return (
    <li className={classes.row}>
      <Text truncate>
        {person.name}
        <Text span size="xs" c="dimmed">
          {person.guest ? " · guest" : person.role !== "student" && ` · ${person.role}`}
        </Text>
      </Text>
      <div className={classes.track} role="img" aria-label={spoken(person)}>
        {bars.map((bar) => (
          <span
            key={bar.left}
            className={classes.bar}
            style={{ left: `${bar.left}%`, width: `${bar.width}%` }}
          />
        ))}
      </div>
      <Text size="sm" ta="end">
        {person.here ? "here now" : duration(person.presentMs)}
      </Text>
    </li>
  );
}

function spoken({ stays }: Attendee): string {
  if (stays.length === 0) return "Was never in the room";
  const clock = (moment: string) => timeOfDay(new Date(moment));
  return stays.map(({ start, end }) => `From ${clock(start)} to ${clock(end)}`).join(", ");
}
