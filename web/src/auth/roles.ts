import type { Schemas } from "../api/client";

export type RoleGrant = Schemas["RoleGrant"];

/** Highest first. */
export const ROLES: readonly RoleGrant["name"][] = ["admin", "teacher", "assistant", "student"];

/** `course` is a course's title by its id. */
export function describe(grant: RoleGrant, course: (id: string) => string | undefined): string {
  if (grant.scope === "tenant") return `${grant.name} in the whole school`;
  const title = grant.scope === "course" ? course(grant.scopeId ?? "") : undefined;
  return `${grant.name} in ${title ?? `one ${grant.scope}`}`;
}

const place = (grant: RoleGrant) => `${grant.scope} ${grant.scopeId ?? ""}`;

/** What somebody may pass on to a program: each role held and the ones below it, in the same place. */
export function grantable(held: readonly RoleGrant[]): RoleGrant[] {
  const found = held.flatMap((grant) =>
    ROLES.slice(ROLES.indexOf(grant.name)).map((name) => ({ ...grant, name })),
  );
  const known = new Map(found.map((grant) => [`${grant.name} ${place(grant)}`, grant]));
  return [...known.values()];
}
