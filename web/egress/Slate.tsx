import { useEffect, useState } from "react";
import { inkOn } from "../src/programme/bars";
import { countdown } from "../src/studio/stage/fit";
import type { Shown } from "./shown";

/** When there is nobody and nothing to show (agents/media/text/slate.py). */
export function Slate({ shown }: { shown: Shown }) {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNowMs(Date.now()), 250);
    return () => window.clearInterval(timer);
  }, []);
  const counts = shown.layout === "countdown";
  const left = counts ? countdown(Date.parse(shown.countdownTo ?? ""), nowMs) : null;
  return (
    <div className="slate" style={{ color: inkOn(shown.backgroundColor ?? "#0e1116") }}>
      <h1 dir="auto">{shown.title || shown.name}</h1>
      {left ? <p className="clock">{left}</p> : <p>{lineOf(shown)}</p>}
    </div>
  );
}

function lineOf({ layout }: Shown): string {
  if (layout === "countdown") return "Starting any moment";
  return layout ? "Please wait a moment" : "Starts soon";
}
