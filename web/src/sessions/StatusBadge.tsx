import { Badge } from "@mantine/core";
import type { Session } from "./queries";
import classes from "./StatusBadge.module.css";

/** Nothing for what is only planned, or over as it should be. */
export function StatusBadge({ status }: { status: Session["status"] }) {
  if (status === "live") {
    return (
      <Badge color="red.9" variant="filled" leftSection={<span className={classes.dot} />}>
        Live
      </Badge>
    );
  }
  if (status === "cancelled") return <Badge color="gray">Cancelled</Badge>;
  return null;
}
