import { Button, Group, Skeleton, Stack, Switch, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useCommand } from "../../api/useCommand";
import { courseSessionsQuery } from "../../sessions/queries";
import { Notice } from "../../ui/Notice";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { useChanged } from "../editing/useChanged";
import { type Course, createLesson } from "../queries";
import { LessonItem } from "./LessonItem";
import { moved } from "./order";
import { courseLessonsQuery, orderLessons } from "./queries";

interface LessonsProps {
  course: Course;
  teaches: boolean;
}

/** The lessons of a course in their order, each with its classes. */
export function Lessons({ course, teaches }: LessonsProps) {
  const [archived, { toggle }] = useDisclosure(false);
  return (
    <Stack>
      <LessonList course={course} teaches={teaches} archived={archived} />
      {teaches && (
        <Group justify="space-between" align="end">
          {course.archived ? <span /> : <AddLesson courseId={course.id} />}
          <Switch label="Archived lessons" checked={archived} onChange={toggle} />
        </Group>
      )}
    </Stack>
  );
}

function LessonList({ course, teaches, archived }: LessonsProps & { archived: boolean }) {
  const lessons = useQuery(courseLessonsQuery(course.id, archived));
  const sessions = useQuery(courseSessionsQuery(course.id));
  const changed = useChanged();
  const order = useCommand(orderLessons, { onSuccess: changed });
  if (lessons.error ?? sessions.error) {
    return <ProblemAlert error={lessons.error ?? sessions.error} />;
  }
  if (!lessons.data || !sessions.data) {
    return <Skeleton height={78} role="status" aria-label="Loading lessons" />;
  }
  const { items } = lessons.data;
  if (items.length === 0) {
    return <Notice title={archived ? "No lesson is archived" : "No lessons yet"} />;
  }
  const ids = items.map((lesson) => lesson.id);
  const move = (id: string, step: -1 | 1) => {
    const lessonIds = moved(ids, id, step);
    if (lessonIds !== ids) order.mutate({ course, lessonIds });
  };
  const planned = sessions.data.items;
  return (
    <Stack gap="xs">
      {order.error && <ProblemAlert title="The order was not changed" error={order.error} />}
      <Stack component="ol" gap="xs" p={0} m={0} aria-label="Lessons">
        {items.map((lesson) => (
          <LessonItem
            key={lesson.id}
            lesson={lesson}
            sessions={planned.filter((session) => session.lessonId === lesson.id)}
            teaches={teaches}
            first={lesson.id === ids[0]}
            last={lesson.id === ids[ids.length - 1]}
            onMove={(step) => move(lesson.id, step)}
          />
        ))}
      </Stack>
    </Stack>
  );
}

function AddLesson({ courseId }: { courseId: string }) {
  const [title, setTitle] = useState("");
  const changed = useChanged();
  const add = useCommand(createLesson, {
    onSuccess: async () => {
      setTitle("");
      await changed();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim()) add.mutate({ courseId, title: title.trim() });
  };
  return (
    <form onSubmit={submit}>
      <Group align="end" gap="xs">
        <TextInput
          label="New lesson"
          maxLength={200}
          value={title}
          error={add.error?.message}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Button type="submit" loading={add.isPending} disabled={title.trim() === ""}>
          Add lesson
        </Button>
      </Group>
    </form>
  );
}
