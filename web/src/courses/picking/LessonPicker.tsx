import { Skeleton, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { usePlannable } from "../plannable";
import {
  type Course,
  coursesQuery,
  createCourse,
  createLesson,
  type Lesson,
  lessonsQuery,
} from "../queries";
import { PickOrAdd } from "./PickOrAdd";

interface LessonPickerProps {
  value: string;
  onChange: (lesson: Lesson | undefined) => void;
}

/** Course, then lesson; both can be made on the spot. */
export function LessonPicker({ value, onChange }: LessonPickerProps) {
  const { plannable, error } = usePlannable();
  const [picked, setPicked] = useState("");
  if (error) return <ProblemAlert error={error} />;
  if (!plannable) return <Skeleton height={120} />;

  const { courses, lessons } = plannable;
  const chosen = lessons.find((lesson) => lesson.id === value);
  const courseId = picked || chosen?.courseId || courses[0]?.id || "";
  const inCourse = lessons.filter((lesson) => lesson.courseId === courseId);
  const pickCourse = (id: string) => {
    setPicked(id);
    onChange(lessons.find((lesson) => lesson.courseId === id));
  };
  return (
    <Stack gap="sm">
      <CourseField courses={courses} courseId={courseId} onPick={pickCourse} />
      {courseId && (
        <LessonField courseId={courseId} lessons={inCourse} value={value} onChange={onChange} />
      )}
    </Stack>
  );
}

interface CourseFieldProps {
  courses: Course[];
  courseId: string;
  onPick: (id: string) => void;
}

function CourseField({ courses, courseId, onPick }: CourseFieldProps) {
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
      options={courses}
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
      onAdd={(title) => add.mutate({ courseId, title })}
      adding={add.isPending}
      problem={add.error}
    />
  );
}
