import { Button } from "@mantine/core";
import { Link } from "react-router";
import type { Session } from "./queries";

interface EnterButtonProps {
  session: Session;
  teaches: boolean;
}

/** Leads to the class or its replay; nowhere when it was cancelled. */
export function EnterButton({ session, teaches }: EnterButtonProps) {
  const { id, status } = session;
  if (status === "cancelled") return null;
  if (status === "ended") {
    return (
      <Button component={Link} to={`/sessions/${id}/replay`} variant="default" flex="none">
        Watch replay
      </Button>
    );
  }
  const waiting = status === "scheduled";
  return (
    <Button
      component={Link}
      to={`/sessions/${id}/room`}
      variant={waiting ? "light" : "filled"}
      flex="none"
    >
      {waiting ? (teaches ? "Start class" : "Waiting room") : "Join class"}
    </Button>
  );
}
