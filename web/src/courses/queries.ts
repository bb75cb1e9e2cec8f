import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../api/client";

export type Course = Schemas["Course"];
export type Lesson = Schemas["Lesson"];

export const coursesQuery = queryOptions({
  queryKey: ["courses"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/courses", { signal })),
});

/** The lessons of every course the person can see. */
export const lessonsQuery = queryOptions({
  queryKey: ["lessons"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/lessons", { signal })),
});

export const createCourse = (title: string, key: string) =>
  unwrap(api.POST("/api/courses", { body: { title }, ...idempotent(key) }));

export interface NewLesson {
  courseId: string;
  title: string;
  order: number;
}

export const createLesson = ({ courseId, title, order }: NewLesson, key: string) =>
  unwrap(
    api.POST("/api/courses/{course_id}/lessons", {
      params: { path: { course_id: courseId } },
      body: { title, order },
      ...idempotent(key),
    }),
  );

/** Lesson id → "Course · Lesson". */
export function lessonNames(courses: Course[], lessons: Lesson[]): Map<string, string> {
  const courseTitles = new Map(courses.map((course) => [course.id, course.title]));
  return new Map(
    lessons.map((lesson) => {
      const course = courseTitles.get(lesson.courseId);
      return [lesson.id, course ? `${course} · ${lesson.title}` : lesson.title];
    }),
  );
}
