import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../api/client";

export type User = Schemas["UserRecord"];

const ALL = ["users"];

export const usersQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: [...ALL, search],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/users", {
          params: { query: { search, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

/** Every search at once: a change may move a person in or out of any. */
export const everyUsersQuery = { queryKey: ALL };

const of = (userId: string) => ({ path: { user_id: userId } });

export const createUser = (body: Schemas["CreateUser"], key: string) =>
  unwrap(api.POST("/api/users", { body, ...idempotent(key) }));

export interface UserUpdate {
  userId: string;
  changes: Schemas["UpdateUser"];
}

export const updateUser = ({ userId, changes }: UserUpdate, key: string) =>
  unwrap(
    api.PATCH("/api/users/{user_id}", { params: of(userId), body: changes, ...idempotent(key) }),
  );

/** A new link ends the one before, so it has no key. */
export const makePasswordLink = (userId: string) =>
  unwrap(api.POST("/api/users/{user_id}/password-link", { params: of(userId) }));

export interface RoleChange {
  userId: string;
  grant: Schemas["RoleGrant"];
}

export const grantRole = ({ userId, grant }: RoleChange, key: string) =>
  unwrap(
    api.POST("/api/users/{user_id}/roles", {
      params: of(userId),
      body: { role: grant.name, scope: grant.scope, scopeId: grant.scopeId ?? null },
      ...idempotent(key),
    }),
  );

export const revokeRole = ({ userId, grant }: RoleChange, key: string) =>
  unwrap(
    api.DELETE("/api/users/{user_id}/roles", {
      params: {
        ...of(userId),
        query: {
          role: grant.name,
          scope: grant.scope,
          ...(grant.scopeId ? { scopeId: grant.scopeId } : {}),
        },
      },
      ...idempotent(key),
    }),
  );
