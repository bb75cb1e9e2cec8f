import { expect, test } from "vitest";
import { guestDetour } from "./guest";
import type { Me } from "./user";

const me = (guest: boolean, roles: Me["roles"]): Me => ({
  user: { id: "u", email: "", name: "Cy", tenantId: "t", guest },
  roles,
});
const guest = me(true, [{ name: "student", scope: "session", scopeId: "s" }]);

test.each(["/dashboard", "/courses", "/sessions/s", "/sessions/other/replay"])(
  "a guest who opens %s is sent to their class",
  (path) => {
    expect(guestDetour(guest, path)).toBe("/sessions/s/room");
  },
);

test("a guest watches the replay of their class, and others go where they like", () => {
  expect(guestDetour(guest, "/sessions/s/replay")).toBeNull();
  expect(guestDetour(me(true, []), "/dashboard")).toBeNull();
  const student = me(false, [{ name: "student", scope: "session", scopeId: "s" }]);
  expect(guestDetour(student, "/dashboard")).toBeNull();
});
