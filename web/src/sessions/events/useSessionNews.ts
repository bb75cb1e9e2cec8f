import { useEffect } from "react";
import { openStream } from "./stream";

/** Calls `onNews` for whatever happens in the session, for as long as `active`. Give a function that stays the same. */
export function useSessionNews(sessionId: string, active: boolean, onNews: () => void): void {
  useEffect(() => {
    if (!active) return;
    let seen = 0;
    return openStream(sessionId, {
      after: () => seen,
      onEvent: (event) => {
        seen = event?.sequence ?? seen;
        onNews();
      },
      onOpen: () => {},
    });
  }, [sessionId, active, onNews]);
}
