import {
  LiveKitRoom,
  RoomAudioRenderer,
  StartAudio,
  usePersistentUserChoices,
} from "@livekit/components-react";
import { notifications } from "@mantine/notifications";
import { ConnectionError, type MediaDeviceFailure, type RoomOptions } from "livekit-client";
import { useMemo } from "react";
import type { JoinReply } from "../sessions/queries";
import classes from "./ClassRoom.module.css";
import { type Departure, departureFor } from "./leaving";
import { Studio } from "./Studio";

interface ClassRoomProps {
  access: JoinReply;
  onDeparture: (departure: Departure) => void;
}

/** Connects to the room and stays until it or the person goes. */
export function ClassRoom({ access, onDeparture }: ClassRoomProps) {
  const { userChoices } = usePersistentUserChoices();
  const options = useMemo<RoomOptions>(
    () => ({
      adaptiveStream: true,
      dynacast: true,
      audioCaptureDefaults: device(userChoices.audioDeviceId),
      videoCaptureDefaults: device(userChoices.videoDeviceId),
    }),
    [userChoices.audioDeviceId, userChoices.videoDeviceId],
  );
  const fail = (error: Error) => {
    if (error instanceof ConnectionError)
      onDeparture({ kind: "lost", text: connectionText(error) });
  };
  return (
    <LiveKitRoom
      className={classes.room}
      serverUrl={access.livekit.url}
      token={access.livekit.token}
      audio={userChoices.audioEnabled && access.permissions.publish.includes("microphone")}
      video={userChoices.videoEnabled && access.permissions.publish.includes("camera")}
      options={options}
      onDisconnected={(reason) => onDeparture(departureFor(reason))}
      onError={fail}
      onMediaDeviceFailure={tellDeviceFailure}
    >
      <RoomAudioRenderer />
      <StartAudio label="Click to hear the class" className={classes.startAudio ?? ""} />
      <Studio access={access} onDeparture={onDeparture} />
    </LiveKitRoom>
  );
}

const device = (deviceId: string) =>
  deviceId && deviceId !== "default" ? { deviceId: { ideal: deviceId } } : {};

const connectionText = (error: ConnectionError): string =>
  `The media server could not be reached (${error.message}). Check your network or firewall, then join again.`;

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
