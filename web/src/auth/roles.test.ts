import { expect, test } from "vitest";
import { describe, grantable, type RoleGrant } from "./roles";

const whole = (name: RoleGrant["name"]): RoleGrant => ({ name, scope: "tenant", scopeId: null });
const inCourse = (name: RoleGrant["name"]): RoleGrant => ({ name, scope: "course", scopeId: "c1" });

test("a key can have the roles held and those below, each place apart", () => {
  expect(grantable([whole("assistant"), inCourse("teacher")])).toEqual([
    whole("assistant"),
    whole("student"),
    inCourse("teacher"),
    inCourse("assistant"),
    inCourse("student"),
  ]);
  expect(grantable([whole("student"), whole("assistant")])).toHaveLength(2);
  expect(grantable([])).toEqual([]);
});

test("a role is named with its place", () => {
  const titles = (id: string) => ({ c1: "English Novels" })[id];
  expect(describe(whole("admin"), titles)).toBe("admin in the whole school");
  expect(describe(inCourse("teacher"), titles)).toBe("teacher in English Novels");
  expect(describe({ name: "student", scope: "session", scopeId: "s1" }, titles)).toBe(
    "student in one session",
  );
});
