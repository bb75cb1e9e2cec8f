import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { JoinReply } from "../sessions/queries";
import { startQuery } from "../sessions/state/start";
import { ProblemAlert } from "../ui/ProblemAlert";
import classes from "./ClassRoom.module.css";
import { Floor } from "./Floor";
import type { Departure } from "./leaving";
import type { Away } from "./media/useMedia";

interface StudioProps {
  access: JoinReply;
  away: Away | null;
  onDeparture: (departure: Departure) => void;
}

/** The class room, as soon as it is known how the class stands. */
export function Studio(props: StudioProps) {
  const start = useQuery(startQuery(props.access.session.id));
  if (start.data) return <Floor {...props} start={start.data} />;
  return (
    <Center className={classes.stage ?? ""}>
      {start.error ? (
        <ProblemAlert error={start.error} onRetry={() => void start.refetch()} />
      ) : (
        <Loader role="status" aria-label="Loading the class" />
      )}
    </Center>
  );
}
