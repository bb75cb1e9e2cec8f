import { describe, expect, test } from "vitest";
import { emptyForm, formError, type NewSessionForm, toRequest, withStart } from "./newSessionForm";

const now = new Date(2026, 0, 5, 9, 7);
const form = (part: Partial<NewSessionForm> = {}): NewSessionForm => ({
  ...emptyForm(now),
  lessonId: "lesson",
  ...part,
});

test("a new form offers the next quarter of an hour, one hour long", () => {
  expect(emptyForm(now)).toMatchObject({ start: "2026-01-05T09:15", end: "2026-01-05T10:15" });
});

test("moving the start keeps the length", () => {
  expect(withStart(form(), "2026-01-06T14:00").end).toBe("2026-01-06T15:00");
});

test("a half-typed start leaves the end alone", () => {
  expect(withStart(form(), "").end).toBe("2026-01-05T10:15");
});

describe("a form", () => {
  test("needs a lesson", () => {
    expect(formError(form({ lessonId: "" }))).toMatch(/lesson/);
  });

  test("needs an end after its start, but only when scheduled", () => {
    const backwards = { start: "2026-01-05T10:00", end: "2026-01-05T10:00" };
    expect(formError(form({ mode: "later", ...backwards }))).toMatch(/after/);
    expect(formError(form({ mode: "now", ...backwards }))).toBeNull();
  });

  test("that starts now makes the same request however often it is sent", () => {
    const typed = form({ mode: "now" });
    expect(toRequest(typed)).toEqual(toRequest(typed));
    expect(toRequest(typed)).toEqual({
      lessonId: "lesson",
      scheduledStart: now.toISOString(),
      scheduledEnd: new Date(now.getTime() + 3_600_000).toISOString(),
    });
  });

  test("sends a title only when there is one", () => {
    expect(toRequest(form({ title: "  " }))).not.toHaveProperty("title");
    expect(toRequest(form({ title: " Waves " })).title).toBe("Waves");
  });
});
