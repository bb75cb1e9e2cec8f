import { useEffect, useRef } from "react";
import { newKey } from "../api/intent";
import { asProblem } from "../api/problem";
import { tellFailure } from "./failure";
import { turnTo } from "./queries";
import { type Slide, stillToCome, turned } from "./slides";
import type { Studio } from "./useStudio";

/** Turns to the next or previous slide; quick presses count from where the last one leads, not from what is here yet. */
export function useTurning({ active, slides, slide }: Studio): (step: 1 | -1) => void {
  const asked = useRef<readonly Slide[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what the log says that counts, not which object says it
  useEffect(() => {
    asked.current = stillToCome(asked.current, slide);
  }, [active?.id, slide?.assetId, slide?.page]);
  return (step) => {
    if (!active) return;
    const from = asked.current.at(-1) ?? slide;
    const next = turned({ ...active, slide: from }, slides, step);
    if (!next) return;
    asked.current = [...asked.current, next];
    const { assetId, page } = next;
    turnTo({ scene: active, change: { slide: { assetId, page } } }, newKey()).catch((error) => {
      asked.current = [];
      tellFailure("The slide was not turned", asProblem(error));
    });
  };
}
