import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { rewindQuery } from "../queries";
import classes from "./Room.module.css";
import type { Moment } from "./rewind";

/** What a tab shows of the room. */
export interface Then extends Moment {
  nameOf: (participantId: string) => string;
  /** Where on the replay's clock an event of the log is. */
  clockOf: (sequence: number) => number;
  onSeek: (timeMs: number) => void;
}

interface RoomProps {
  sessionId: string;
  /** Where the replay's clock starts, in Unix milliseconds. */
  originMs: number;
  timeMs: number;
  onSeek: (timeMs: number) => void;
  children: (then: Then) => ReactNode;
}

/** The class room as it stood at the play head, folded from the log by what shows it live. */
export function Room({ sessionId, originMs, timeMs, onSeek, children }: RoomProps) {
  const { data: rewind, error, refetch } = useQuery(rewindQuery(sessionId));
  const count = rewind?.countAt(originMs + timeMs) ?? 0;
  const moment = useMemo(() => rewind?.after(count), [rewind, count]);
  if (error) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (!rewind || !moment) return <Skeleton height={120} role="status" aria-label="Loading class" />;
  const names = new Map(moment.view.participants.map(({ id, name }) => [id, name]));
  return (
    <div className={classes.room}>
      {children({
        ...moment,
        nameOf: (id) => names.get(id) ?? "Somebody",
        clockOf: (sequence) => Math.max(0, rewind.timeOf(sequence) - originMs),
        onSeek,
      })}
    </div>
  );
}
