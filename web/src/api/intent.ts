/** One thing a person wants done: its key goes with every try, so that it is done once. */
export interface Intent {
  readonly key: string;
  readonly subject: string;
}

/** A UUIDv4; `crypto.randomUUID` is missing on plain http from another host. */
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

/**
 * The intent for `input`: `unsettled` again (same key) while the same input has had no answer,
 * otherwise a fresh one, so that a changed form is never taken for the old request.
 */
export function intentFor(unsettled: Intent | null, input: unknown, makeKey = newKey): Intent {
  const subject = JSON.stringify(input) ?? "";
  return unsettled?.subject === subject ? unsettled : { key: makeKey(), subject };
}
