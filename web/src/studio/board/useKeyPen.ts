import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import { GRID, type Place } from "./strokes";
import type { Hand } from "./useHand";

const STEP = GRID / 100;
const LEAP = GRID / 20;
const MIDDLE: Place = [GRID / 2, GRID / 2];

const WAYS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** One step further, as long on the screen downwards as sideways. */
export function moved(from: Place, key: string, leaps: boolean, aspect: number): Place | null {
  const way = WAYS[key];
  if (!way) return null;
  const step = leaps ? LEAP : STEP;
  const within = (part: number) => Math.round(Math.min(GRID, Math.max(0, part)));
  return [within(from[0] + way[0] * step), within(from[1] + way[1] * step * aspect)];
}

export interface KeyPen {
  ref: RefObject<HTMLDivElement | null>;
  /** Null while it is not the keys that draw. */
  at: Place | null;
  isDown: boolean;
  take: () => void;
  leave: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** The tool in hand by keys: arrows move it, with Shift further; the space bar puts it down and lifts it; Escape leaves. */
export function useKeyPen(hand: Hand, aspect: number): KeyPen {
  const ref = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<Place | null>(null);
  const [isDown, setDown] = useState(false);
  const lift = () => {
    if (isDown) hand.lift();
    setDown(false);
  };
  const leave = () => {
    lift();
    setAt(null);
  };
  const isTaken = at !== null;
  useEffect(() => {
    if (isTaken) ref.current?.focus();
  }, [isTaken]);
  const toggle = (from: Place) => {
    if (isDown) {
      lift();
    } else {
      hand.press(from);
      setDown(true);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!at) return;
    const to = moved(at, event.key, event.shiftKey, aspect);
    if (to) {
      if (isDown) hand.drag(to);
      setAt(to);
    } else if (event.key === " ") {
      // A key that is held says so again and again.
      if (!event.repeat) toggle(at);
    } else if (event.key === "Escape") {
      leave();
    } else {
      return;
    }
    event.preventDefault();
  };
  return { ref, at, isDown, take: () => setAt(MIDDLE), leave, onKeyDown };
}
