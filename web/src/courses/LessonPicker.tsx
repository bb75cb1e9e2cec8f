import { Skeleton, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useCommand } from "../api/useCommand";
import { ProblemAlert } from "../ui/ProblemAlert";
import { PickOrAdd } from "./PickOrAdd";
import { coursesQuery, createCourse, createLesson, type Lesson, lessonsQuery } from "./queries";

interface LessonPickerProps {
  value: string;
  onChange: (lesson: Lesson | undefined) => void;
}

/** Course, then lesson; both can be made on the spot. */
export function LessonPicker({ value, onChange }: LessonPickerProps) {
  const courses = useQuery(coursesQuery);
  const lessons = useQuery(lessonsQuery);
  const [picked, setPicked] = useState("");
  if (courses.error ?? lessons.error)
    return <ProblemAlert error={courses.error ?? lessons.error} />;
  if (!courses.data || !lessons.data) return <Skeleton height={120} />;

  const chosen = lessons.data.items.find((lesson) => lesson.id === value);
  const courseId = picked || chosen?.courseId || courses.data.items[0]?.id || "";
  const inCourse = lessons.data.items.filter((lesson) => lesson.courseId === courseId);
  const pickCourse = (id: string) => {
    setPicked(id);
    onChange(lessons.data.items.find((lesson) => lesson.courseId === id));
  };
  return (
    <Stack gap="sm">
      <CourseField courseId={courseId} onPick={pickCourse} />
      {courseId && (
        <LessonField courseId={courseId} lessons={inCourse} value={value} onChange={onChange} />
      )}
    </Stack>
  );
}

function CourseField({ courseId, onPick }: { courseId: string; onPick: (id: string) => void }) {
  const { data } = useQuery(coursesQuery);
  const queryClient = useQueryClient();
  const add = useCommand(createCourse, {
    onSuccess: async (course) => {
      await queryClient.invalidateQueries(coursesQuery);
      onPick(course.id);
    },
  });
  return (
    <PickOrAdd
      label="Course"
      options={data?.items ?? []}
      value={courseId}
      onChange={onPick}
      onAdd={(title) => add.mutate(title)}
      adding={add.isPending}
      problem={add.error}
    />
  );
}

interface LessonFieldProps extends LessonPickerProps {
  courseId: string;
  lessons: Lesson[];
}

function LessonField({ courseId, lessons, value, onChange }: LessonFieldProps) {
  const queryClient = useQueryClient();
  const add = useCommand(createLesson, {
    onSuccess: async (lesson) => {
      await queryClient.invalidateQueries(lessonsQuery);
      onChange(lesson);
    },
  });
  return (
    <PickOrAdd
      key={courseId}
      label="Lesson"
      options={lessons}
      value={value}
      onChange={(id) => onChange(lessons.find((lesson) => lesson.id === id))}
      onAdd={(title) => add.mutate({ courseId, title, order: lessons.length })}
      adding={add.isPending}
      problem={add.error}
    />
  );
}
