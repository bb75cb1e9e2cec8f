import { useQuery } from "@tanstack/react-query";
import { coursesQuery } from "./queries";

/** A course's title by its id; undefined while the list is on its way and for what the person cannot see. */
export function useCourseTitle(): (id: string) => string | undefined {
  const courses = useQuery(coursesQuery).data?.items ?? [];
  return (id) => courses.find((course) => course.id === id)?.title;
}
