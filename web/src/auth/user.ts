import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "../api/client";

export type Me = Schemas["Me"];

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/auth/me", { signal })),
  staleTime: 60_000,
});

/** The person signed in; only below RequireUser, which has fetched it. */
export const useUser = (): Me => useSuspenseQuery(meQuery).data;

const may = (me: Me, ...names: Schemas["RoleGrant"]["name"][]): boolean =>
  me.roles.some((role) => names.includes(role.name));

/** Schedules, starts and ends classes, and manages destinations. The server decides; this only hides buttons. */
export const canTeach = (me: Me): boolean => may(me, "teacher", "admin");

/** Manages users, keys and webhooks of the tenant. The server decides; this only hides pages. */
export const isAdmin = (me: Me): boolean =>
  me.roles.some((role) => role.name === "admin" && role.scope === "tenant");

type RoleName = Schemas["RoleGrant"]["name"];

/** As the server decides: roles of the tenant hold in every course, but for its students; others in theirs. */
const mayIn = (me: Me, courseId: string, ...names: RoleName[]): boolean =>
  me.roles.some(
    ({ name, scope, scopeId }) =>
      names.includes(name) && (scope === "tenant" ? name !== "student" : scopeId === courseId),
  );

/** Plans in this course, and enrols people in it. */
export const canTeachIn = (me: Me, courseId: string): boolean =>
  mayIn(me, courseId, "teacher", "admin");

/** Sees who is in this course. */
export const canAssistIn = (me: Me, courseId: string): boolean =>
  mayIn(me, courseId, "teacher", "admin", "assistant");
