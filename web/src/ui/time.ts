const DAY_MS = 86_400_000;

/** `1:02:03` or `4:05`, for a place in a recording. */
export function clockTime(ms: number): string {
  const totalS = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(totalS / 3600);
  const minutes = Math.floor((totalS % 3600) / 60);
  const two = (value: number) => String(value).padStart(2, "0");
  const seconds = two(totalS % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}

const startOfDay = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

/** `Today`, `Tomorrow`, `Yesterday` or the date, in the reader's time zone. */
export function dayName(at: Date, now: Date, locale?: string): string {
  const days = Math.round((startOfDay(at) - startOfDay(now)) / DAY_MS);
  if (days === 0) return "Today";
  if (days === 1) return "Tomorrow";
  if (days === -1) return "Yesterday";
  const year = at.getFullYear() === now.getFullYear() ? undefined : ("numeric" as const);
  return at.toLocaleDateString(locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(year ? { year } : {}),
  });
}

export const timeOfDay = (at: Date, locale?: string): string =>
  at.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });

/** The value of `<input type="datetime-local">` for an instant, in the reader's time zone. */
export function localInputValue(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The next full quarter of an hour strictly after `now`: what a new class is offered as its start. */
export function nextQuarter(now: Date): Date {
  const quarterMs = 15 * 60_000;
  return new Date((Math.floor(now.getTime() / quarterMs) + 1) * quarterMs);
}

/** "Today, 09:00 to 10:00" */
export function whenLine(planned: { scheduledStart: string; scheduledEnd: string }): string {
  const start = new Date(planned.scheduledStart);
  const end = new Date(planned.scheduledEnd);
  return `${dayName(start, new Date())}, ${timeOfDay(start)} to ${timeOfDay(end)}`;
}

const MINUTE_MS = 60_000;

/** "in 25 min", "in 3 h 5 min"; null when it is not within a day, or over. */
export function comingUp(at: Date, now: Date): string | null {
  const minutes = Math.ceil((at.getTime() - now.getTime()) / MINUTE_MS);
  if (minutes < 1 || minutes > DAY_MS / MINUTE_MS) return null;
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `in ${hours} h ${minutes % 60} min` : `in ${minutes} min`;
}
