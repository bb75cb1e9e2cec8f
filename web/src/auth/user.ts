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
