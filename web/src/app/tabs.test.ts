// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { Me } from "../auth/user";
import { adminTabsFor, tabsFor } from "./tabs";

const me = (...roles: Me["roles"]): Me => ({
  user: { id: "1", email: "emma@school.test", name: "Emma", tenantId: "2" },
  roles,
});
const admin = { name: "admin", scope: "tenant", scopeId: null } as const;

test("a student sees what there is to attend", () => {
  const student = me({ name: "student", scope: "tenant", scopeId: null });
  expect(tabsFor(student).map((tab) => tab.label)).toEqual(["Sessions", "Courses", "Search"]);
  expect(adminTabsFor(student)).toEqual([]);
});

test("administration is for the whole school's administrators", () => {
  expect(adminTabsFor(me(admin)).map((tab) => tab.to)).toContain("/admin/users");
  expect(adminTabsFor(me({ ...admin, scope: "course", scopeId: "3" }))).toEqual([]);
});
