import { Badge, Button, Card, Group, Skeleton, Stack, Switch, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBooks, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { canTeach, useUser } from "../auth/user";
import { Notice } from "../ui/Notice";
import { ProblemAlert } from "../ui/ProblemAlert";
import { AddCourse } from "./AddCourse";
import classes from "./CoursesPage.module.css";
import { archivedCoursesQuery, type Course, coursesQuery } from "./queries";

export function Component() {
  const teaches = canTeach(useUser());
  const [adding, { open, close }] = useDisclosure(false);
  const [archived, { toggle }] = useDisclosure(false);
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={1} size="h2">
          Courses
        </Title>
        <Group>
          <Switch label="Archived" checked={archived} onChange={toggle} />
          {teaches && (
            <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={open}>
              Add course
            </Button>
          )}
        </Group>
      </Group>
      <CourseList archived={archived} />
      {teaches && <AddCourse opened={adding} onClose={close} />}
    </Stack>
  );
}

function CourseList({ archived }: { archived: boolean }) {
  const courses = useQuery(archived ? archivedCoursesQuery : coursesQuery);
  if (courses.isPending) {
    return <Skeleton height={78} radius="md" role="status" aria-label="Loading courses" />;
  }
  if (!courses.data) {
    return <ProblemAlert error={courses.error} onRetry={() => void courses.refetch()} />;
  }
  if (courses.data.items.length === 0) return <Empty archived={archived} />;
  return (
    <Stack component="ul" gap="xs" p={0} m={0} aria-label="Courses">
      {courses.data.items.map((course) => (
        <CourseCard key={course.id} course={course} />
      ))}
    </Stack>
  );
}

function CourseCard({ course }: { course: Course }) {
  return (
    <Card component="li" withBorder padding="md" className={classes.card} aria-label={course.title}>
      <Group gap="xs">
        <Title order={2} size="h5">
          <Link to={`/courses/${course.id}`} className={classes.link ?? ""}>
            {course.title}
          </Link>
        </Title>
        {course.archived && <Badge color="gray">Archived</Badge>}
      </Group>
      {course.description && (
        <Text size="sm" c="dimmed" lineClamp={2}>
          {course.description}
        </Text>
      )}
    </Card>
  );
}

function Empty({ archived }: { archived: boolean }) {
  const teaches = canTeach(useUser());
  if (archived) return <Notice title="Nothing is archived" />;
  return (
    <Notice
      icon={<IconBooks size={44} stroke={1.4} aria-hidden />}
      title="No courses yet"
      text={
        teaches
          ? "A course has lessons and the people who take part; its classes are planned in them."
          : "When a teacher enrols you in a course, it appears here."
      }
    />
  );
}
