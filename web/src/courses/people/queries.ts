import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../../api/client";

export type Enrolment = Schemas["Enrolment"];
export type CourseRole = Enrolment["role"];
export type EnrolPerson = Schemas["EnrolPerson"];

export const enrolmentsQuery = (courseId: string) =>
  queryOptions({
    queryKey: ["courses", courseId, "enrolments"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/courses/{course_id}/enrolments", { ...at(courseId), signal })),
  });

const at = (courseId: string) => ({ params: { path: { course_id: courseId } } });
const of = (courseId: string, userId: string) => ({
  params: { path: { course_id: courseId, user_id: userId } },
});

export interface NewPeople {
  courseId: string;
  people: EnrolPerson[];
}

export const enrolPeople = ({ courseId, people }: NewPeople, key: string) =>
  unwrap(
    api.POST("/api/courses/{course_id}/enrolments", {
      ...at(courseId),
      body: { people },
      ...idempotent(key),
    }),
  );

export interface RoleChange {
  courseId: string;
  userId: string;
  role: CourseRole;
}

export const changeRole = ({ courseId, userId, role }: RoleChange, key: string) =>
  unwrap(
    api.PATCH("/api/courses/{course_id}/enrolments/{user_id}", {
      ...of(courseId, userId),
      body: { role },
      ...idempotent(key),
    }),
  );

export interface Leaver {
  courseId: string;
  userId: string;
}

export const takeOut = ({ courseId, userId }: Leaver, key: string) =>
  unwrap(
    api.DELETE("/api/courses/{course_id}/enrolments/{user_id}", {
      ...of(courseId, userId),
      ...idempotent(key),
    }),
  );
