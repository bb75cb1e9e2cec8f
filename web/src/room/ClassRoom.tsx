import {
  LiveKitRoom,
  RoomAudioRenderer,
  StartAudio,
  usePersistentUserChoices,
} from "@livekit/components-react";
import { notifications } from "@mantine/notifications";
import {
  ConnectionError,
  type DisconnectReason,
  type MediaDeviceFailure,
  type RoomOptions,
} from "livekit-client";
import { useCallback } from "react";
import type { JoinReply } from "../sessions/queries";
import classes from "./ClassRoom.module.css";
import { type Departure, departureFor } from "./leaving";
import { useMedia } from "./media/useMedia";
import { useWanted } from "./media/useWanted";
import { Studio } from "./Studio";

interface ClassRoomProps {
  access: JoinReply;
  /** Must stay the same. */
  onDeparture: (departure: Departure) => void;
}

/** The class until it or the person goes; without LiveKit it goes on, only silent and blind. */
export function ClassRoom({ access: first, onDeparture }: ClassRoomProps) {
  const { userChoices } = usePersistentUserChoices();
  const media = useMedia(first, optionsFor(userChoices), onDeparture);
  const { room, access, away, onLost } = media;
  const wanted = useWanted(room, {
    microphone: userChoices.audioEnabled,
    camera: userChoices.videoEnabled,
  });
  const onError = useCallback(
    (error: Error) => {
      if (error instanceof ConnectionError) onLost();
    },
    [onLost],
  );
  const onDisconnected = useCallback(
    (reason?: DisconnectReason) => {
      const departure = departureFor(reason);
      if (departure) onDeparture(departure);
      else onLost();
    },
    [onDeparture, onLost],
  );
  const { publish } = access.permissions;
  return (
    <LiveKitRoom
      className={classes.room}
      room={room}
      serverUrl={access.livekit.url}
      token={access.livekit.token}
      connect={away === null}
      audio={wanted.microphone && publish.includes("microphone")}
      video={wanted.camera && publish.includes("camera")}
      onConnected={media.onConnected}
      onDisconnected={onDisconnected}
      onError={onError}
      onMediaDeviceFailure={tellDeviceFailure}
    >
      <RoomAudioRenderer />
      <StartAudio label="Click to hear the class" className={classes.startAudio ?? ""} />
      <Studio access={access} away={away} onDeparture={onDeparture} />
    </LiveKitRoom>
  );
}

type Choices = ReturnType<typeof usePersistentUserChoices>["userChoices"];

const optionsFor = ({ audioDeviceId, videoDeviceId }: Choices): RoomOptions => ({
  adaptiveStream: true,
  dynacast: true,
  audioCaptureDefaults: device(audioDeviceId),
  videoCaptureDefaults: device(videoDeviceId),
});

const device = (deviceId: string) =>
  deviceId && deviceId !== "default" ? { deviceId: { ideal: deviceId } } : {};

const DEVICE_ADVICE: Record<MediaDeviceFailure, string> = {
  PermissionDenied: "Your browser blocks it. Allow it beside the address bar, then switch it on.",
  NotFound: "None was found. You are in the class without it.",
  DeviceInUse: "Another program uses it. Close that program, then switch it on.",
  Other: "It did not start. Switch it on again from the bar below.",
};

function tellDeviceFailure(failure?: MediaDeviceFailure, kind?: MediaDeviceKind) {
  if (!failure) return;
  notifications.show({
    color: "yellow",
    title: kind === "videoinput" ? "Your camera is off" : "Your microphone is off",
    message: DEVICE_ADVICE[failure],
  });
}
