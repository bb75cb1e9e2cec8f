import { queryOptions } from "@tanstack/react-query";
import { api, editOf, type Schemas, unwrap } from "../../api/client";
import type { Course, Lesson } from "../queries";

/** In their order; the archived ones are asked for by themselves. */
export const courseLessonsQuery = (courseId: string, archived = false) =>
  queryOptions({
    queryKey: ["lessons", courseId, archived],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/courses/{course_id}/lessons", {
          params: { path: { course_id: courseId }, query: { archived } },
          signal,
        }),
      ),
  });

const at = ({ courseId, id }: Lesson) => ({
  params: { path: { course_id: courseId, lesson_id: id } },
});

export interface LessonEdit {
  lesson: Lesson;
  changes: Schemas["UpdateLesson"];
}

export const updateLesson = ({ lesson, changes }: LessonEdit, key: string) =>
  unwrap(
    api.PATCH("/api/courses/{course_id}/lessons/{lesson_id}", {
      ...at(lesson),
      body: changes,
      ...editOf(lesson.version, key),
    }),
  );

/** Archives it instead when it has sessions; the reply says which. */
export const deleteLesson = (lesson: Lesson, key: string) =>
  unwrap(
    api.DELETE("/api/courses/{course_id}/lessons/{lesson_id}", {
      ...at(lesson),
      ...editOf(lesson.version, key),
    }),
  );

export interface LessonOrder {
  course: Course;
  lessonIds: string[];
}

/** Based on the course's version: a lesson that somebody added meanwhile is not forgotten. */
export const orderLessons = ({ course, lessonIds }: LessonOrder, key: string) =>
  unwrap(
    api.PUT("/api/courses/{course_id}/lessons/order", {
      params: { path: { course_id: course.id } },
      body: { lessonIds },
      ...editOf(course.version, key),
    }),
  );
