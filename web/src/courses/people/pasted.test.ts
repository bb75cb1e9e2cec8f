import { expect, test } from "vitest";
import { pastedPeople, withoutPeople } from "./pasted";

test("a column of addresses is a list of students", () => {
  expect(pastedPeople("emma@school.test\r\n\n  MR.KNIGHTLEY@school.test  ", "student")).toEqual([
    { email: "emma@school.test", role: "student" },
    { email: "mr.knightley@school.test", role: "student" },
  ]);
});

test("a CSV line may name a role, and a header is no person", () => {
  const csv =
    'name,email,role\n"Weston, Anne",anne@school.test,Teacher\nHarriet;harriet@school.test;';
  expect(pastedPeople(csv, "assistant")).toEqual([
    { email: "anne@school.test", role: "teacher" },
    { email: "harriet@school.test", role: "assistant" },
  ]);
});

test("a mail's recipients are people, a role in an address is none", () => {
  expect(pastedPeople("Emma <emma@x.test>, <student@x.test>; emma@x.test", "teacher")).toEqual([
    { email: "emma@x.test", role: "teacher" },
    { email: "student@x.test", role: "teacher" },
  ]);
});

test("who has no account is taken out of the text, the rest stays as it was", () => {
  expect(withoutPeople("a@x.test, teacher\nLost@x.test\nb@x.test", ["lost@x.test"])).toBe(
    "a@x.test, teacher\nb@x.test",
  );
});
