import { useEffect, useState } from "react";

/** Whole seconds until `until` (Unix ms), at least 0. */
export const secondsUntil = (until: number, now: number): number =>
  Math.max(0, Math.ceil((until - now) / 1000));

/** Counts down to `until` (Unix ms of this browser's clock), and then rests. */
export function useCountdown(until: number): number {
  const [now, setNow] = useState(() => Date.now());
  const left = secondsUntil(until, now);
  useEffect(() => {
    setNow(Date.now());
    if (until <= Date.now()) return;
    const timer = window.setInterval(() => setNow(Date.now()), 500);
    const stop = window.setTimeout(() => window.clearInterval(timer), until - Date.now() + 1_000);
    return () => {
      window.clearInterval(timer);
      window.clearTimeout(stop);
    };
  }, [until]);
  return left;
}
