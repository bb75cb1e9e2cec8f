import { useElementSize } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import type { EventLog } from "../../sessions/events/eventFeed";
import { Board } from "../board/Board";
import { Tools } from "../board/Tools";
import { firstTool, type Tool } from "../board/tools";
import { useInk } from "../board/useBoard";
import type { BoardPlace } from "../queries";
import { fitted } from "./fit";
import classes from "./Surface.module.css";

/** What one may do with a pen; the server decides, this only hides tools. */
export interface Pen {
  draws: boolean;
  clears: boolean;
}

interface SurfaceProps {
  place: BoardPlace;
  /** Width by height. */
  aspect: number;
  log: EventLog;
  pen: Pen;
  /** What is drawn on; nothing is a white board. */
  children?: ReactNode;
  /** Beside the tools. */
  controls?: ReactNode;
}

/** A page as large as there is room, with what is drawn on it, and tools for who may draw. */
export function Surface({ place, aspect, log, pen, children, controls }: SurfaceProps) {
  const { ref, width, height } = useElementSize();
  // Over a slide one first points, on a white board one first writes.
  const [tool, setTool] = useState<Tool>(
    children ? { ...firstTool, kind: "hand" } : { ...firstTool, color: "#1f2933" },
  );
  const own = useInk(place, log.last);
  return (
    <div className={classes.surface}>
      <div ref={ref} className={classes.room}>
        <div className={classes.paper} style={fitted({ width, height }, aspect)}>
          {children}
          <Board
            key={`${place.boardId} ${place.page}`}
            place={place}
            aspect={aspect}
            log={log}
            own={own}
            tool={pen.draws ? tool : null}
          />
        </div>
      </div>
      {(pen.draws || controls) && (
        <div className={classes.controls}>
          {pen.draws && (
            <Tools place={place} ink={own.ink} tool={tool} onTool={setTool} clears={pen.clears} />
          )}
          {controls}
        </div>
      )}
    </div>
  );
}
