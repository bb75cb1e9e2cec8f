import { Alert } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { attachHls } from "../../programme/hls/attachHls";
import { livePlaylist } from "../queries";
import classes from "./Programme.module.css";

interface LiveVideoProps {
  sessionId: string;
  url: string;
  /** Nothing comes by this address any more. */
  onStale: () => void;
}

/** Plays a live class's playlist from its edge; muted, because who looks after the class hears it already. */
export function LiveVideo({ sessionId, url, onStale }: LiveVideoProps) {
  const video = useRef<HTMLVideoElement>(null);
  const stale = useRef(onStale);
  stale.current = onStale;
  const [broken, setBroken] = useState<string | null>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    return attachHls(element, {
      url,
      startS: null,
      renewed: () => livePlaylist(sessionId),
      onStale: () => stale.current(),
      onBroken: setBroken,
    });
  }, [sessionId, url]);
  return (
    <>
      <video
        ref={video}
        className={classes.video}
        aria-label="The programme, live"
        autoPlay
        muted
        controls
        playsInline
      />
      {broken && (
        <Alert color="red" role="alert" title="The programme can't be played">
          {broken}
        </Alert>
      )}
    </>
  );
}
