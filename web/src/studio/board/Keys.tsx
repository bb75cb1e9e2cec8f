import type { ReactNode } from "react";
import { useShortcut } from "../../room/shortcuts/useShortcut";
import classes from "./Board.module.css";
import type { Place } from "./strokes";
import { ERASER_RADIUS, type Tool } from "./tools";
import type { KeyPen } from "./useKeyPen";

/** Around the board: what takes the keys that draw, from the one that begins it until the board is left. */
export function Keys({
  pen,
  draws,
  children,
}: {
  pen: KeyPen;
  draws: boolean;
  children: ReactNode;
}) {
  const taken = {
    tabIndex: -1,
    role: "application",
    "aria-label": "Drawing with the keys: arrows move, space draws, Escape leaves",
    onKeyDown: pen.onKeyDown,
    onBlur: pen.leave,
  };
  return (
    <div ref={pen.ref} className={classes.keys} {...(pen.at && taken)}>
      {draws && <Begin onPress={pen.take} />}
      {children}
    </div>
  );
}

function Begin({ onPress }: { onPress: () => void }) {
  useShortcut({ keys: "d", label: "Draw with arrows and space", group: "Drawing", run: onPress });
  return null;
}

const DARK = "#1f2933";

/** Where the tool is that the keys move, as large as what it draws or wipes; filled while it is down. */
export function Nib({
  at: [across, down],
  isDown,
  tool,
  aspect,
}: {
  at: Place;
  isDown: boolean;
  tool: Tool;
  aspect: number;
}) {
  const radius = tool.kind === "eraser" ? ERASER_RADIUS : Math.max(tool.width, 60);
  const y = down / aspect;
  const ink = tool.kind === "pen" ? tool.color : DARK;
  return (
    <g className={classes.nibAt}>
      <circle cx={across} cy={y} r={radius} fill="none" stroke="#ffffff" />
      <circle cx={across} cy={y} r={radius} fill={isDown ? ink : "none"} stroke={DARK} />
    </g>
  );
}
