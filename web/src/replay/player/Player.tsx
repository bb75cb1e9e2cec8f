import { Alert } from "@mantine/core";
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { attachHls } from "../../programme/hls/attachHls";
import classes from "./Player.module.css";
import { locate, type Part } from "./parts";
import type { Subtitle } from "./subtitles";

export interface PlayerHandle {
  /** Jumps to a time on the replay's clock and plays. */
  seek: (timeMs: number) => void;
}

interface PlayerProps {
  parts: Part[];
  /** Where on the replay's clock to begin. */
  startMs: number;
  /** A fresh signed address of a part's playlist; they live minutes only. */
  addressOf: (partId: string, renew: boolean) => Promise<string>;
  subtitles: Subtitle[];
  onTime: (timeMs: number) => void;
  ref: Ref<PlayerHandle>;
}

/** How often an address may be renewed before the store counts as away. */
const MAX_RENEWALS = 3;

interface Place {
  index: number;
  startS: number;
  /** Counts renewals of the address since the last one that played. */
  renewals: number;
  plays: boolean;
}

/** The programme as one film, even where it was recorded in several parts. */
export function Player({ parts, startMs, addressOf, subtitles, onTime, ref }: PlayerProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [broken, setBroken] = useState<string | null>(null);
  const [place, setPlace] = useState<Place>(() => {
    const { index, offsetMs } = locate(parts, startMs);
    return { index, startS: offsetMs / 1000, renewals: 0, plays: false };
  });
  const part = parts[place.index];
  const partId = part?.id;

  useEffect(() => {
    const element = video.current;
    if (!element || partId === undefined) return;
    return attachPart(element, partId, place, { addressOf, setPlace, setBroken });
  }, [partId, place, addressOf]);

  useImperativeHandle(ref, () => ({
    seek(timeMs) {
      const element = video.current;
      if (!element) return;
      const { index, offsetMs } = locate(parts, timeMs);
      if (index !== place.index) {
        setPlace({ index, startS: offsetMs / 1000, renewals: 0, plays: true });
        return;
      }
      element.currentTime = offsetMs / 1000;
      void element.play().catch(ignoreBlockedAutoplay);
    },
  }));

  const next = () => {
    if (place.index + 1 < parts.length) {
      setPlace({ index: place.index + 1, startS: 0, renewals: 0, plays: true });
    }
  };
  return (
    <div className={classes.frame}>
      {/* biome-ignore lint/a11y/useMediaCaption: the track is there as soon as the transcript is */}
      <video
        ref={video}
        className={classes.video}
        aria-label="Recording of the class"
        controls
        playsInline
        preload="auto"
        onEnded={next}
        onTimeUpdate={(event) =>
          onTime((part?.startMs ?? 0) + event.currentTarget.currentTime * 1000)
        }
      >
        {parts.length === 1 &&
          subtitles.map(({ language, label, url }) => (
            <track key={language} kind="captions" srcLang={language} label={label} src={url} />
          ))}
      </video>
      {broken && (
        <Alert color="red" role="alert" title="The recording can't be played" mt="sm">
          {broken}
        </Alert>
      )}
    </div>
  );
}

interface PartPorts extends Pick<PlayerProps, "addressOf"> {
  setPlace: (place: Place) => void;
  setBroken: (reason: string | null) => void;
}

/** Plays one part from `place`; when its address goes stale, comes back to the same second with a new one. */
function attachPart(
  element: HTMLVideoElement,
  partId: string,
  place: Place,
  { addressOf, setPlace, setBroken }: PartPorts,
): () => void {
  let detach: (() => void) | null = null;
  let gone = false;
  const onStale = () => {
    if (place.renewals >= MAX_RENEWALS) {
      setBroken("The recording's storage doesn't answer. Reload the page in a moment.");
      return;
    }
    const played = element.currentTime > place.startS;
    setPlace({
      ...place,
      startS: played ? element.currentTime : place.startS,
      renewals: played ? 1 : place.renewals + 1,
      plays: !element.paused,
    });
  };
  addressOf(partId, place.renewals > 0).then(
    (url) => {
      if (gone) return;
      detach = attachHls(element, {
        url,
        startS: place.startS,
        renewed: () => addressOf(partId, true),
        onStale,
        onBroken: setBroken,
      });
      if (place.plays) void element.play().catch(ignoreBlockedAutoplay);
    },
    (error: unknown) => setBroken(error instanceof Error ? error.message : String(error)),
  );
  return () => {
    gone = true;
    detach?.();
  };
}

/** A browser that refuses to play without a click leaves its own play button: nothing is lost. */
function ignoreBlockedAutoplay(): void {}
