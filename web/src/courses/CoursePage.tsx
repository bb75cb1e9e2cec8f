import { Alert, Badge, Button, Group, Skeleton, Stack, Tabs, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { canAssistIn, canTeachIn, useUser } from "../auth/user";
import { CaptionSettings } from "../captions/settings/CaptionSettings";
import { BackLink } from "../ui/BackLink";
import { ProblemAlert } from "../ui/ProblemAlert";
import { ArchiveCourse } from "./editing/ArchiveCourse";
import { EditTexts } from "./editing/EditTexts";
import { useChanged } from "./editing/useChanged";
import { Lessons } from "./lessons/Lessons";
import { Everybody } from "./people/Everybody";
import { People } from "./people/People";
import { type Course, courseQuery, updateCourse } from "./queries";

export function Component() {
  const { courseId = "" } = useParams();
  const course = useQuery(courseQuery(courseId));
  if (course.isPending) return <Skeleton height={240} role="status" aria-label="Loading course" />;
  if (!course.data) {
    return <ProblemAlert error={course.error} onRetry={() => void course.refetch()} />;
  }
  return <Page course={course.data} />;
}

function Page({ course }: { course: Course }) {
  const me = useUser();
  const teaches = canTeachIn(me, course.id);
  return (
    <Stack gap="lg">
      <Heading course={course} teaches={teaches} />
      {course.archived && (
        <Alert color="gray" role="note">
          This course is archived: its classes and replays are kept, new ones are not planned in it.
        </Alert>
      )}
      {canAssistIn(me, course.id) ? (
        <Tabs defaultValue="lessons">
          <Tabs.List>
            <Tabs.Tab value="lessons">Lessons</Tabs.Tab>
            <Tabs.Tab value="people">People</Tabs.Tab>
            {teaches && <Tabs.Tab value="captions">Captions</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="lessons" pt="md">
            <Lessons course={course} teaches={teaches} />
          </Tabs.Panel>
          <Tabs.Panel value="people" pt="md">
            {teaches && <Everybody course={course} />}
            <People courseId={course.id} teaches={teaches} />
          </Tabs.Panel>
          {teaches && (
            <Tabs.Panel value="captions" pt="md">
              <CaptionSettings place={{ course: course.id }} />
            </Tabs.Panel>
          )}
        </Tabs>
      ) : (
        <Lessons course={course} teaches={false} />
      )}
    </Stack>
  );
}

function Heading({ course, teaches }: { course: Course; teaches: boolean }) {
  return (
    <div>
      <BackLink to="/courses">Courses</BackLink>
      <Group justify="space-between">
        <Group gap="xs">
          <Title order={1} size="h2">
            {course.title}
          </Title>
          {course.archived && <Badge color="gray">Archived</Badge>}
        </Group>
        {teaches && (
          <Group gap="xs">
            <EditCourse course={course} />
            <ArchiveCourse course={course} />
          </Group>
        )}
      </Group>
      {course.description && (
        <Text c="dimmed" style={{ whiteSpace: "pre-line" }}>
          {course.description}
        </Text>
      )}
    </div>
  );
}

function EditCourse({ course }: { course: Course }) {
  const [opened, { open, close }] = useDisclosure(false);
  const changed = useChanged();
  return (
    <>
      <Button variant="default" leftSection={<IconPencil size={18} aria-hidden />} onClick={open}>
        Edit
      </Button>
      <EditTexts
        what={course}
        opened={opened}
        onClose={close}
        save={(changes, key) => updateCourse({ course, changes }, key)}
        onSaved={changed}
      />
    </>
  );
}
