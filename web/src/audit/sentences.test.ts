import { expect, test } from "vitest";
import type { Schemas } from "../api/client";
import { detailsOf, sentenceOf } from "./sentences";

const entry: Schemas["AuditEntry"] = {
  id: "1",
  at: "2026-11-21T10:00:00Z",
  action: "user.disabled",
  actorId: "2",
  actorName: "Ada $& Admin",
  targetId: "3",
  targetName: "Emma",
  details: {},
};

test("an entry names who did it to whom", () => {
  expect(sentenceOf({ ...entry, actorName: "Ada" })).toBe("Ada disabled Emma");
  expect(sentenceOf({ ...entry, actorName: null })).toBe("The operator disabled Emma");
});

test("a name is never read as a pattern", () => {
  expect(sentenceOf(entry)).toBe("Ada $& Admin disabled Emma");
});

test("details are words, without what is empty", () => {
  expect(detailsOf({ role: "teacher", scope_id: null, way: "oidc" })).toBe(
    "role: teacher · way: oidc",
  );
});
