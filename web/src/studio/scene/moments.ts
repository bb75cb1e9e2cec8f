/** A moment as a `datetime-local` field wants it: the reader's own time, to the minute. */
export function toLocal(moment: string | null): string {
  const at = new Date(moment ?? Number.NaN);
  if (Number.isNaN(at.getTime())) return "";
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** What such a field says, with its zone; null when it is empty. */
export const fromLocal = (text: string): string | null =>
  text ? new Date(text).toISOString() : null;
