import { useTranscriptions } from "@livekit/components-react";
import { useEffect, useState } from "react";
import { type Caption, captionBlocks, type HeardCaption, mergeCaptions } from "./captionLines";

type TextStream = ReturnType<typeof useTranscriptions>[number];

/** `lk.*` are LiveKit's own attributes of a transcription; `start_ms` (Unix) and `stable_words` are ours. */
function heard({ text, participantInfo, streamInfo }: TextStream): HeardCaption {
  return {
    segmentId: streamInfo.attributes?.["lk.segment_id"] ?? streamInfo.id,
    identity: participantInfo.identity,
    text,
    startMs: Number(streamInfo.attributes?.start_ms ?? streamInfo.timestamp),
    stableWords: Number(streamInfo.attributes?.stable_words ?? 0),
    final: streamInfo.attributes?.["lk.transcription_final"] === "true",
  };
}

/** The live captions of the room one is in, as blocks to show now; must be below a room context. */
export function useCaptions() {
  const streams = useTranscriptions();
  const [captions, setCaptions] = useState<readonly Caption[]>([]);
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    setCaptions((known) => mergeCaptions(known, streams.map(heard), Date.now()));
    setNowMs(Date.now());
  }, [streams]);
  useEffect(() => {
    const timer = window.setInterval(() => setNowMs(Date.now()), 1_000);
    return () => window.clearInterval(timer);
  }, []);
  return {
    blocks: captionBlocks(captions, nowMs),
    lastFinal: captions.findLast((one) => one.final),
  };
}
