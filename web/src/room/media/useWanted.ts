import { type Room, RoomEvent, Track, type TrackPublication } from "livekit-client";
import { useEffect, useState } from "react";

export interface Wanted {
  microphone: boolean;
  camera: boolean;
}

const KEYS: Partial<Record<Track.Source, keyof Wanted>> = {
  [Track.Source.Microphone]: "microphone",
  [Track.Source.Camera]: "camera",
};

/** What one has switched on; it outlives the connection, so that who was silent comes back silent. */
export function useWanted(room: Room, first: Wanted): Wanted {
  const [wanted, setWanted] = useState(first);
  useEffect(() => {
    const set = (on: boolean) => (publication: TrackPublication, sender?: { isLocal: boolean }) => {
      const key = KEYS[publication.source];
      if (key && sender?.isLocal !== false) setWanted((now) => ({ ...now, [key]: on }));
    };
    const [onMuted, onUnmuted] = [set(false), set(true)];
    const onPublished = (publication: TrackPublication) => set(!publication.isMuted)(publication);
    room
      .on(RoomEvent.TrackMuted, onMuted)
      .on(RoomEvent.TrackUnmuted, onUnmuted)
      .on(RoomEvent.LocalTrackPublished, onPublished);
    return () => {
      room
        .off(RoomEvent.TrackMuted, onMuted)
        .off(RoomEvent.TrackUnmuted, onUnmuted)
        .off(RoomEvent.LocalTrackPublished, onPublished);
    };
  }, [room]);
  return wanted;
}
