import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { SessionDestination } from "../../destinations/queries";
import { timelineQuery } from "../queries";
import { grown, type Lines, linesOf } from "./numbers";

const NOTHING: Lines = new Map();

/** The last minutes of each destination: asked for once, then grown by what `told` brings. */
export function useTimeline(sessionId: string, told: readonly SessionDestination[]): Lines {
  const past = useQuery({ ...timelineQuery(sessionId), staleTime: Number.POSITIVE_INFINITY });
  const [lines, setLines] = useState(NOTHING);
  useEffect(() => {
    if (past.data) setLines(linesOf(past.data));
  }, [past.data]);
  useEffect(() => setLines((known) => grown(known, told, new Date())), [told]);
  return lines;
}
