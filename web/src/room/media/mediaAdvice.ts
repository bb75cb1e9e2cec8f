/** What to do when the browser gives no microphone, camera or screen; null when the person just cancelled. */
export function mediaAdvice(
  error: Error,
  thing: "microphone" | "camera" | "screen",
): string | null {
  switch (error.name) {
    case "NotAllowedError":
      // Chrome says NotAllowedError both for a block and for "Cancel" in the screen picker.
      return thing === "screen"
        ? null
        : `Your browser blocks the ${thing}. Allow it beside the address bar, then switch it on again.`;
    case "NotFoundError":
    case "OverconstrainedError":
      return `No ${thing} was found. Plug one in, or go on without it.`;
    case "NotReadableError":
      return `The ${thing} is used by another program. Close that program, then switch it on again.`;
    default:
      return `The ${thing} did not start: ${error.message}`;
  }
}
