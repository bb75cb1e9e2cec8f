/** Where to go after signing in: only a path of this site, so that a crafted link leads nowhere else. */
export function nextPath(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) && !next.startsWith("/login")
    ? next
    : "/dashboard";
}
