import { useConnectionState, useTrackToggle } from "@livekit/components-react";
import { notifications } from "@mantine/notifications";
import {
  IconBadgeCc,
  IconDoorExit,
  IconLayoutSidebarRight,
  IconMicrophone,
  IconMicrophoneOff,
  IconScreenShare,
  IconVideo,
  IconVideoOff,
} from "@tabler/icons-react";
import { ConnectionState, Track } from "livekit-client";
import { HandButton } from "../../people/hands/HandButton";
import type { Order } from "../../people/order";
import { type Sendable, SOURCE_OF, useMaySend } from "../../people/rights";
import { mediaAdvice } from "../media/mediaAdvice";
import { useShortcut } from "../shortcuts/useShortcut";
import { BarButton } from "./BarButton";
import classes from "./ControlBar.module.css";
import { EndClass } from "./EndClass";

interface ControlBarProps {
  sessionId: string;
  order: Order;
  teaches: boolean;
  captions: boolean;
  onCaptions: (on: boolean) => void;
  panelOpen: boolean;
  /** Messages and questions that came while the panel was closed. */
  news: number;
  onPanel: () => void;
  onLeave: () => void;
  onEnded: () => void;
}

export function ControlBar(props: ControlBarProps) {
  useShortcut({
    keys: "c",
    label: "Captions on or off",
    group: "Class room",
    run: () => props.onCaptions(!props.captions),
  });
  useShortcut({
    keys: "b",
    label: "Panel open or closed",
    group: "Class room",
    run: props.onPanel,
  });
  return (
    <footer className={classes.bar} data-region>
      <MediaButton source={Track.Source.Microphone} thing="microphone" />
      <MediaButton source={Track.Source.Camera} thing="camera" />
      <MediaButton source={Track.Source.ScreenShare} thing="screen" />
      {props.order.me?.role === "student" && <HandButton order={props.order} />}
      <span className={classes.gap} aria-hidden />
      <BarButton
        label="Captions"
        icon={IconBadgeCc}
        pressed={props.captions}
        onClick={() => props.onCaptions(!props.captions)}
      />
      <BarButton
        label={props.news > 0 ? `Panel (${props.news})` : "Panel"}
        icon={IconLayoutSidebarRight}
        pressed={props.panelOpen}
        data-opens="panel"
        onClick={props.onPanel}
      />
      <span className={classes.gap} aria-hidden />
      <BarButton label="Leave" icon={IconDoorExit} onClick={props.onLeave} />
      {props.teaches && <EndClass sessionId={props.sessionId} onEnded={props.onEnded} />}
    </footer>
  );
}

const FACES = {
  microphone: { keys: "m", label: "Microphone", on: IconMicrophone, off: IconMicrophoneOff },
  camera: { keys: "x", label: "Camera", on: IconVideo, off: IconVideoOff },
  screen: { keys: "s", label: "Share screen", on: IconScreenShare, off: IconScreenShare },
} as const;

interface MediaButtonProps {
  source: Sendable;
  thing: keyof typeof FACES;
}

/** Nothing at all for what one may not send. */
function MediaButton(props: MediaButtonProps) {
  return useMaySend(SOURCE_OF[props.source]) && <MediaToggle {...props} />;
}

function MediaToggle({ source, thing }: MediaButtonProps) {
  const { keys, label, on, off } = FACES[thing];
  const connected = useConnectionState() === ConnectionState.Connected;
  const { enabled, pending, toggle } = useTrackToggle({
    source,
    onDeviceError: (error) => {
      const advice = mediaAdvice(error, thing);
      if (advice) notifications.show({ color: "yellow", title: label, message: advice });
    },
  });
  useShortcut({
    keys,
    label: `${label} on or off`,
    group: "You",
    run: () => {
      if (connected) void toggle();
    },
  });
  const warns = thing !== "screen" && !enabled;
  return (
    <BarButton
      label={label}
      icon={enabled ? on : off}
      pressed={enabled}
      warns={warns}
      disabled={pending || !connected}
      onClick={() => void toggle()}
    />
  );
}
