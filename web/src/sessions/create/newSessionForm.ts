import type { Schemas } from "../../api/client";
import { localInputValue, nextQuarter } from "../../ui/time";

export interface NewSessionForm {
  /** Null until chosen: then the first lesson there is stands in. */
  lessonId: string | null;
  title: string;
  mode: "now" | "later";
  /** Values of datetime-local inputs: wall clock of the reader, no zone. */
  start: string;
  end: string;
  /** Null until chosen: then the server gives the person's default. */
  destinationIds: string[] | null;
  /** A class that starts now is dated by this, so that a second try sends the same request. */
  openedAt: string;
}

const HOUR_MS = 3_600_000;

export function emptyForm(now: Date): NewSessionForm {
  const start = nextQuarter(now);
  return {
    lessonId: null,
    title: "",
    mode: "now",
    start: localInputValue(start),
    end: localInputValue(new Date(start.getTime() + HOUR_MS)),
    destinationIds: null,
    openedAt: now.toISOString(),
  };
}

/** Moving the start keeps the length of the class. */
export function withStart(form: NewSessionForm, start: string): NewSessionForm {
  const lengthMs = Date.parse(form.end) - Date.parse(form.start);
  const startMs = Date.parse(start);
  if (Number.isNaN(startMs) || Number.isNaN(lengthMs)) return { ...form, start };
  return { ...form, start, end: localInputValue(new Date(startMs + lengthMs)) };
}

/** What keeps the form from being sent, or null. */
export function formError(form: NewSessionForm): string | null {
  if (!form.lessonId) return "Choose a course and a lesson.";
  if (form.mode === "now") return null;
  if (Number.isNaN(Date.parse(form.start)) || Number.isNaN(Date.parse(form.end))) {
    return "Give the start and the end.";
  }
  return Date.parse(form.end) > Date.parse(form.start) ? null : "The end must be after the start.";
}

/** The request's body; a class that starts now is planned for one hour. */
export function toRequest(form: NewSessionForm): Schemas["CreateSession"] {
  const start = new Date(form.mode === "now" ? form.openedAt : form.start);
  const end = form.mode === "now" ? new Date(start.getTime() + HOUR_MS) : new Date(form.end);
  const title = form.title.trim();
  return {
    lessonId: form.lessonId ?? "",
    scheduledStart: start.toISOString(),
    scheduledEnd: end.toISOString(),
    ...(title ? { title } : {}),
  };
}
