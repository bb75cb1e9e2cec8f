import type { Me } from "./user";

/** Where a guest belongs instead of here, or null for who may be here: their class is all they have, and its replay. */
export function guestDetour({ user, roles }: Me, pathname: string): string | null {
  const place = roles.find(({ scope }) => scope === "session")?.scopeId;
  if (!user.guest || !place || pathname === `/sessions/${place}/replay`) return null;
  return `/sessions/${place}/room`;
}
