import {
  type RemoteParticipant,
  type RemoteTrack,
  type RemoteTrackPublication,
  type Room,
  RoomEvent,
  Track,
} from "livekit-client";
import { ActiveSpeaker, levelDbfs } from "./speaker";

const BLOCK_MS = 1000 / 30;
/** Samples of a block at 48 kHz, as the next power of two. */
const FFT_SIZE = 2048;

interface Ear {
  source: MediaStreamAudioSourceNode;
  analyser: AnalyserNode;
}

/** Hears every microphone as our worker's mixer does: the SFU's word on who speaks comes late and knows no hold. */
export class Ears {
  readonly #context = new AudioContext();
  readonly #ears = new Map<string, Ear>();
  readonly #speaker = new ActiveSpeaker();
  readonly #block = new Float32Array(FFT_SIZE);

  /** `tell` is called when somebody else is to be shown. */
  constructor(room: Room, tell: (active: string | null) => void) {
    room.on(RoomEvent.TrackSubscribed, this.#open);
    room.on(RoomEvent.TrackUnsubscribed, this.#close);
    setInterval(() => {
      const before = this.#speaker.current;
      this.#speaker.hear(this.#levels(), BLOCK_MS / 1000);
      if (this.#speaker.current !== before) tell(this.#speaker.current);
    }, BLOCK_MS);
  }

  #levels(): Map<string, number> {
    return new Map(
      [...this.#ears].map(([identity, { analyser }]) => {
        analyser.getFloatTimeDomainData(this.#block);
        return [identity, levelDbfs(this.#block)];
      }),
    );
  }

  readonly #open = (
    track: RemoteTrack,
    { source: kind }: RemoteTrackPublication,
    { identity }: RemoteParticipant,
  ): void => {
    if (kind !== Track.Source.Microphone) return;
    const analyser = new AnalyserNode(this.#context, { fftSize: FFT_SIZE });
    const heard = new MediaStream([track.mediaStreamTrack]);
    const source = this.#context.createMediaStreamSource(heard);
    source.connect(analyser);
    this.#ears.set(identity, { source, analyser });
  };

  readonly #close = (
    _: RemoteTrack,
    { source: kind }: RemoteTrackPublication,
    { identity }: RemoteParticipant,
  ): void => {
    if (kind !== Track.Source.Microphone) return;
    this.#ears.get(identity)?.source.disconnect();
    this.#ears.delete(identity);
    this.#speaker.forget(identity);
  };
}
