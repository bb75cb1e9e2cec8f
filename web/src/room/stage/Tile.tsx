import {
  isTrackReference,
  type TrackReferenceOrPlaceholder,
  useIsMuted,
  useIsSpeaking,
  VideoTrack,
} from "@livekit/components-react";
import { Avatar } from "@mantine/core";
import { IconMicrophoneOff } from "@tabler/icons-react";
import { Track } from "livekit-client";
import classes from "./Tile.module.css";

interface TileProps {
  track: TrackReferenceOrPlaceholder;
  role: string | undefined;
  /** No picture, even where there is one. */
  soundOnly?: boolean;
}

/** One person: the camera picture, or initials while it is off. */
export function Tile({ track, role, soundOnly = false }: TileProps) {
  const { participant } = track;
  const speaking = useIsSpeaking(participant);
  const silent = useIsMuted({ participant, source: Track.Source.Microphone });
  const dark = useIsMuted(track) || soundOnly;
  const name = participant.name || participant.identity;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be read as part of a form
    <div className={classes.tile} role="group" aria-label={name} data-speaking={speaking}>
      {isTrackReference(track) && !dark ? (
        <VideoTrack
          trackRef={track}
          className={classes.video ?? ""}
          data-mirrored={participant.isLocal}
        />
      ) : (
        <Avatar name={name} size={84} className={classes.face ?? ""} aria-hidden />
      )}
      <p className={classes.label}>
        {silent && <IconMicrophoneOff size={15} aria-label="Microphone off" />}
        {participant.isLocal ? `${name} (you)` : name}
        {role === "teacher" && <span className={classes.role}>Teacher</span>}
      </p>
    </div>
  );
}

export function ScreenTile({ track }: { track: TrackReferenceOrPlaceholder }) {
  const name = track.participant.name || track.participant.identity;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be read as part of a form
    <div className={classes.tile} role="group" aria-label={`Screen of ${name}`}>
      {isTrackReference(track) && <VideoTrack trackRef={track} className={classes.screen ?? ""} />}
      <p className={classes.label}>
        {track.participant.isLocal ? "You are sharing your screen" : `${name}'s screen`}
      </p>
    </div>
  );
}
