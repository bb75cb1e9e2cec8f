import type { components } from "./schema";

type ErrorBody = components["schemas"]["ErrorBody"];

/** A refusal of the control plane, or `network` when no answer came (status 0). */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: Record<string, unknown>;

  constructor(
    status: number,
    code: string,
    message: string,
    details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.details = details;
  }

  /** True when the same request may succeed unchanged a little later. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 503 || this.code === "request_in_flight";
  }

  /** The refused field's name, when one field is to blame. */
  get field(): string | undefined {
    return typeof this.details.field === "string" ? this.details.field : undefined;
  }
}

export const offline = (): Problem =>
  new Problem(0, "network", "Lectern can't be reached from this browser.");

function isErrorBody(body: unknown): body is ErrorBody {
  return (
    typeof body === "object" &&
    body !== null &&
    typeof (body as ErrorBody).code === "string" &&
    typeof (body as ErrorBody).message === "string"
  );
}

/** Reads `{code, message, details?}`; a proxy's HTML page becomes a plain sentence. */
export function problemFrom(status: number, body: unknown): Problem {
  if (isErrorBody(body)) return new Problem(status, body.code, body.message, body.details ?? {});
  return new Problem(status, `http_${status}`, `The server answered with status ${status}.`);
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Problem(0, "unexpected", message);
}
