import { useEffect, useRef } from "react";
import { newKey } from "../api/intent";
import { asProblem } from "../api/problem";
import { tellFailure } from "./failure";
import { turnTo } from "./queries";
import { type Slide, turned } from "./slides";
import type { Studio } from "./useStudio";

/** Turns to the next or previous slide; quick presses count from where the last one leads, not from what is here yet. */
export function useTurning({ active, slides, slide }: Studio): (step: 1 | -1) => void {
  const ahead = useRef<Slide | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever the log says is where the next step begins
  useEffect(() => {
    ahead.current = null;
  }, [active?.id, slide?.assetId, slide?.page]);
  return (step) => {
    if (!active) return;
    const from = ahead.current ?? slide;
    const next = turned({ ...active, slide: from }, slides, step);
    if (!next) return;
    ahead.current = next;
    const { assetId, page } = next;
    turnTo({ scene: active, change: { slide: { assetId, page } } }, newKey()).catch((error) => {
      ahead.current = null;
      tellFailure("The slide was not turned", asProblem(error));
    });
  };
}
