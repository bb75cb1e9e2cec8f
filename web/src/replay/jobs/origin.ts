/** As every artifact says what made it (pipelines/runner.py). */
interface Origin {
  method?: string;
  model?: string;
  /** What should have made it, and why it did not. */
  parameters?: { insteadOf?: { model: string; reason: string } };
}

/** What a person may want to know of how it was made. */
export function originOf(provenance: Record<string, unknown>): string {
  const { method, model, parameters } = provenance as Origin;
  const missed = parameters?.insteadOf;
  const instead = missed && `without ${missed.model}: ${missed.reason}`;
  return [method, model, instead].filter(Boolean).join(", ");
}
