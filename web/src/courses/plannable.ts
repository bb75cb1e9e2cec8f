import { useQuery } from "@tanstack/react-query";
import { canTeachIn, useUser } from "../auth/user";
import { type Course, coursesQuery, type Lesson, lessonsQuery } from "./queries";

interface Plannable {
  courses: Course[];
  lessons: Lesson[];
}

/** The courses and lessons in which this person may plan a class; null until they are known. */
export function usePlannable(): { plannable: Plannable | null; error: Error | null } {
  const me = useUser();
  const courses = useQuery(coursesQuery);
  const lessons = useQuery(lessonsQuery);
  const error = courses.error ?? lessons.error;
  if (!courses.data || !lessons.data) return { plannable: null, error };
  const mine = courses.data.items.filter((course) => canTeachIn(me, course.id));
  const ids = new Set(mine.map((course) => course.id));
  const open = lessons.data.items.filter((lesson) => !lesson.archived && ids.has(lesson.courseId));
  return { plannable: { courses: mine, lessons: open }, error };
}
