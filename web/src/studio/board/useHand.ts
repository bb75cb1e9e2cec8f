import { useRef } from "react";
import type { Ink } from "./ink";
import type { Place } from "./strokes";
import type { Tool } from "./tools";

/** What the tool in hand does on the board, whatever moves it. */
export interface Hand {
  press: (at: Place) => void;
  drag: (at: Place) => void;
  lift: () => void;
}

export function useHand(tool: Tool | null, ink: Ink, rub: (at: Place) => void): Hand {
  const drawing = useRef<string | null>(null);
  const lift = () => {
    if (drawing.current) ink.end(drawing.current);
    drawing.current = null;
  };
  return {
    press: (at) => {
      if (tool?.kind === "pen") drawing.current = ink.begin(tool.color, tool.width, at);
      else rub(at);
    },
    drag: (at) => {
      if (tool?.kind === "eraser") rub(at);
      else if (drawing.current) ink.extend(drawing.current, at);
    },
    lift,
  };
}
