import { expect, test } from "vitest";
import { adviceFor } from "./advice";
import { offline, Problem, problemFrom } from "./problem";

test("a refusal keeps its code, message and the field to blame", () => {
  const problem = problemFrom(422, {
    code: "invalid_field",
    message: "No spaces.",
    details: { field: "streamKey" },
  });
  expect(problem).toMatchObject({ status: 422, code: "invalid_field", message: "No spaces." });
  expect(problem.field).toBe("streamKey");
});

test.each(["<html>", null, {}, { code: 7, message: "x" }])(
  "a body %j still makes a sentence",
  (body) => {
    expect(problemFrom(502, body)).toMatchObject({ code: "http_502", message: /502/ });
  },
);

test.each([
  [offline(), true],
  [new Problem(503, "livekit_unavailable", ""), true],
  [new Problem(409, "request_in_flight", ""), true],
  [new Problem(409, "session_not_live", ""), false],
  [new Problem(422, "invalid_field", ""), false],
])("%o is retryable: %s", (problem, retryable) => {
  expect(problem.retryable).toBe(retryable);
});

test("advice says what to do, and keeps silent where the message says it all", () => {
  expect(adviceFor(offline())).toMatch(/connection/);
  expect(adviceFor(new Problem(500, "whatever", ""))).toMatch(/again/);
  expect(adviceFor(new Problem(422, "invalid_field", ""))).toBeUndefined();
});
