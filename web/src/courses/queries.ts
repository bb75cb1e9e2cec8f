import { queryOptions } from "@tanstack/react-query";
import { api, editOf, idempotent, type Schemas, unwrap } from "../api/client";

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

/** Newest version of one course: what an edit of it is based on. */
export const courseQuery = (id: string) =>
  queryOptions({
    queryKey: ["courses", id],
    queryFn: ({ signal }) => unwrap(api.GET("/api/courses/{course_id}", { ...at(id), signal })),
  });

export const archivedCoursesQuery = queryOptions({
  queryKey: ["courses", "archived"],
  queryFn: ({ signal }) =>
    unwrap(api.GET("/api/courses", { params: { query: { archived: true } }, signal })),
});

const at = (courseId: string) => ({ params: { path: { course_id: courseId } } });

export const createCourse = (title: string, key: string) =>
  unwrap(api.POST("/api/courses", { body: { title }, ...idempotent(key) }));

export interface CourseEdit {
  course: Course;
  changes: Schemas["UpdateCourse"];
}

export const updateCourse = ({ course, changes }: CourseEdit, key: string) =>
  unwrap(
    api.PATCH("/api/courses/{course_id}", {
      ...at(course.id),
      body: changes,
      ...editOf(course.version, key),
    }),
  );

/** Archives it instead when it has sessions; the reply says which. */
export const deleteCourse = (course: Course, key: string) =>
  unwrap(
    api.DELETE("/api/courses/{course_id}", { ...at(course.id), ...editOf(course.version, key) }),
  );

export interface NewLesson {
  courseId: string;
  title: string;
}

/** It comes last. */
export const createLesson = ({ courseId, title }: NewLesson, key: string) =>
  unwrap(
    api.POST("/api/courses/{course_id}/lessons", {
      ...at(courseId),
      body: { title },
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

/** Lesson id → course id. */
export const courseOfLesson = (lessons: Lesson[]): Map<string, string> =>
  new Map(lessons.map((lesson) => [lesson.id, lesson.courseId]));
