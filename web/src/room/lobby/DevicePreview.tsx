import {
  type usePersistentUserChoices,
  usePreviewTracks,
  useTrackVolume,
} from "@livekit/components-react";
import { Alert, Progress, SimpleGrid, Stack, Switch } from "@mantine/core";
import { IconVideoOff } from "@tabler/icons-react";
import { type LocalAudioTrack, LocalVideoTrack, Track } from "livekit-client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { mediaAdvice } from "../media/mediaAdvice";
import classes from "./DevicePreview.module.css";
import { DeviceSelect } from "./DeviceSelect";

type Choices = ReturnType<typeof usePersistentUserChoices>;

const capture = (enabled: boolean, deviceId: string) =>
  enabled && (deviceId && deviceId !== "default" ? { deviceId } : true);

/** Camera picture, microphone level, and which devices to go in with. */
export function DevicePreview({ choices }: { choices: Choices }) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
      <CameraPicture choices={choices} />
      <Stack>
        <MicrophoneChoice choices={choices} />
        <CameraChoice choices={choices} />
      </Stack>
    </SimpleGrid>
  );
}

function MicrophoneChoice({ choices }: { choices: Choices }) {
  const { audioEnabled, audioDeviceId } = choices.userChoices;
  const { tracks, advice } = usePreview("audio", capture(audioEnabled, audioDeviceId));
  const track = tracks?.find((one) => one.kind === Track.Kind.Audio) as LocalAudioTrack | undefined;
  return (
    <Stack gap="xs">
      <Switch
        label="Microphone on"
        checked={audioEnabled}
        onChange={(event) => choices.saveAudioInputEnabled(event.currentTarget.checked)}
      />
      <DeviceSelect
        kind="audioinput"
        label="Microphone"
        value={audioDeviceId}
        onChange={choices.saveAudioInputDeviceId}
      />
      {audioEnabled && <Level track={track} />}
      {advice && <Alert color="yellow">{advice}</Alert>}
    </Stack>
  );
}

function Level({ track }: { track: LocalAudioTrack | undefined }) {
  const volume = useTrackVolume(track);
  return (
    <Progress
      aria-label="Microphone level"
      value={Math.min(100, volume * 160)}
      transitionDuration={80}
      size="sm"
    />
  );
}

function CameraChoice({ choices }: { choices: Choices }) {
  return (
    <Stack gap="xs">
      <Switch
        label="Camera on"
        checked={choices.userChoices.videoEnabled}
        onChange={(event) => choices.saveVideoInputEnabled(event.currentTarget.checked)}
      />
      <DeviceSelect
        kind="videoinput"
        label="Camera"
        value={choices.userChoices.videoDeviceId}
        onChange={choices.saveVideoInputDeviceId}
      />
    </Stack>
  );
}

function CameraPicture({ choices }: { choices: Choices }) {
  const { videoEnabled, videoDeviceId } = choices.userChoices;
  const { tracks, advice } = usePreview("video", capture(videoEnabled, videoDeviceId));
  const track = tracks?.find((one) => one instanceof LocalVideoTrack);
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (!track || !video) return;
    track.attach(video);
    return () => void track.detach(video);
  }, [track]);
  return (
    <Stack>
      <div className={classes.picture}>
        {videoEnabled && !advice ? (
          <video
            ref={element}
            className={classes.video}
            aria-label="Your camera"
            muted
            playsInline
          />
        ) : (
          <div className={classes.off}>
            <IconVideoOff size={36} stroke={1.5} aria-hidden />
            Camera is off
          </div>
        )}
      </div>
      {advice && <Alert color="yellow">{advice}</Alert>}
    </Stack>
  );
}

/** Preview tracks of one kind, so that a missing camera doesn't take the microphone down with it. */
function usePreview(kind: "audio" | "video", wanted: ReturnType<typeof capture>) {
  const [error, setError] = useState<Error | null>(null);
  const options = useMemo(
    () => ({ audio: kind === "audio" && wanted, video: kind === "video" && wanted }),
    [kind, wanted],
  );
  const tracks = usePreviewTracks(
    options,
    useCallback((failure: Error) => setError(failure), []),
  );
  const failed = wanted !== false && error !== null;
  return {
    tracks: wanted === false ? undefined : tracks,
    advice: failed ? mediaAdvice(error, kind === "audio" ? "microphone" : "camera") : null,
  };
}
