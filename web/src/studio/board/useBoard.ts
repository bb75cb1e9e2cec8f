import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { newKey } from "../../api/intent";
import { asProblem } from "../../api/problem";
import { type EventLog, eventsAfter } from "../../sessions/events/eventFeed";
import { tellFailure } from "../failure";
import { type BoardPlace, boardQuery, drawStrokes, type Stroke } from "../queries";
import { Ink } from "./ink";
import { type DrawnStroke, redraw } from "./strokes";

/** How often a moving pen sends: well below what eyes call late, and few enough events. */
const FLUSH_MS = 120;

/** The strokes of one board as the class sees them: fetched once, then as the log tells. */
export function useBoard(
  sessionId: string,
  boardId: string,
  log: EventLog,
): readonly DrawnStroke[] | null {
  const { data } = useQuery(boardQuery(sessionId, boardId, log.start.sequence));
  return useMemo(() => {
    return data ? redraw(data.strokes, boardId, eventsAfter(log, data.sequence)) : null;
  }, [data, boardId, log]);
}

/** `wet` are the strokes that the log does not tell yet. */
export interface OwnInk {
  ink: Ink;
  wet: readonly Stroke[];
}

/** One's own pen on a page, and what it has drawn that the log does not tell yet. */
export function useInk({ sessionId, boardId, page }: BoardPlace, last: number): OwnInk {
  const [wet, setWet] = useState<readonly Stroke[]>([]);
  const ink = useMemo(
    () =>
      new Ink(
        (stroke) => drawStrokes({ sessionId, boardId, page, strokes: [stroke] }, newKey()),
        setWet,
      ),
    [sessionId, boardId, page],
  );
  useEffect(() => {
    const timer = window.setInterval(() => void ink.flush().catch(tellLost), FLUSH_MS);
    return () => {
      window.clearInterval(timer);
      void ink.flush().catch(tellLost);
      setWet([]);
    };
  }, [ink]);
  useEffect(() => ink.dry(last), [ink, last]);
  return { ink, wet };
}

const tellLost = (error: unknown) => tellFailure("A stroke was not drawn", asProblem(error));
