import type { SessionDestination } from "../../destinations/queries";

/** Those that failed between two looks; what had failed before the first look is no news. */
export const justFailed = (
  before: readonly SessionDestination[],
  now: readonly SessionDestination[],
): SessionDestination[] =>
  now.filter(({ destinationId, status }) => {
    const known = before.find((one) => one.destinationId === destinationId);
    return status === "failed" && known !== undefined && known.status !== "failed";
  });
