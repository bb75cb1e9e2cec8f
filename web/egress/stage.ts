import {
  ParticipantKind,
  type RemoteParticipant,
  type RemoteTrackPublication,
  type Room,
  RoomEvent,
  Track,
} from "livekit-client";
import type { Cast } from "../src/programme/geometry";
import type { Layout } from "../src/studio/queries";
import { Captions } from "./captions";
import { following, type Shown, UNTOLD } from "./shown";
import { Ears } from "./speaking/ears";

/** One person or one shared screen; `picture` is on and received. */
export interface Source {
  id: string;
  name: string;
  picture: RemoteTrackPublication | null;
}

/** All that is drawn; a new object whenever anything of it changed. */
export interface View {
  shown: Shown;
  usual: Layout;
  sources: ReadonlyMap<string, Source>;
  screen: string | null;
  active: string | null;
  captions: readonly string[];
}

export const SURFACE = "surface";

const CHANGES = [
  RoomEvent.ParticipantDisconnected,
  RoomEvent.ParticipantNameChanged,
  RoomEvent.TrackPublished,
  RoomEvent.TrackUnpublished,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
] as const;
const UNSEEN = [ParticipantKind.AGENT, ParticipantKind.EGRESS];

/** The room as the programme sees it, by the same rules as our worker (agents/egress/recorder, compositor.py). */
export class Stage {
  #view: View;
  #listeners = new Set<() => void>();
  readonly #room: Room;

  constructor(room: Room, layout: string) {
    this.#room = room;
    this.#view = {
      shown: UNTOLD,
      usual: usualOf(layout),
      sources: new Map(),
      screen: null,
      active: null,
      captions: [],
    };
    for (const change of CHANGES) room.on(change, () => this.#look());
    room.on(RoomEvent.Connected, () => this.#look());
    room.on(RoomEvent.RoomMetadataChanged, () => this.#look());
    room.on(RoomEvent.TrackSubscribed, sound);
    new Ears(room, (active) => this.#change({ active }));
    new Captions(room, (captions) => this.#change({ captions }));
  }

  readonly view = (): View => this.#view;

  readonly follow = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  setUsual(layout: string): void {
    this.#change({ usual: usualOf(layout) });
  }

  /** When every picture that was on at the join is received. */
  settled(): Promise<void> {
    const come = () =>
      [...this.#room.remoteParticipants.values()].every((person) =>
        [...person.videoTrackPublications.values()].every(({ isMuted, track }) => isMuted || track),
      );
    return new Promise((done) => {
      const stop = this.follow(() => come() && finish());
      const finish = () => {
        stop();
        done();
      };
      if (come()) finish();
    });
  }

  #look(): void {
    const sources = new Map(
      [...this.#room.remoteParticipants.values()]
        .filter(({ kind }) => !UNSEEN.includes(kind))
        .sort((a, b) => came(a) - came(b) || a.identity.localeCompare(b.identity))
        .flatMap(sourcesOf)
        .map((source) => [source.id, source]),
    );
    const screen = [...sources.keys()].filter(isScreen).at(-1) ?? null;
    const shown = following(this.#view.shown, this.#room.metadata);
    this.#change({ sources, screen, shown });
  }

  #change(more: Partial<View>): void {
    this.#view = { ...this.#view, ...more };
    for (const listener of this.#listeners) listener();
  }
}

/** The layout that counts: the blank board comes before the scene, without a scene it is the usual one. */
export const layoutOf = ({ shown, usual }: View): Layout =>
  shown.surface && !shown.surface.picture ? "slides_speaker" : (shown.layout ?? usual);

export function castOf({ shown, usual, sources, screen, active }: View): Cast {
  const everyone = [...sources.keys()];
  const people = everyone.filter((id) => !isScreen(id));
  const lead = [shown.pinned, active].find((id) => id && people.includes(id));
  const person = lead ?? people[0] ?? null;
  const front = shown.layout === null && usual === "speaker" && screen ? screen : person;
  return { everyone, front, screen, surface: shown.surface ? SURFACE : null };
}

const usualOf = (layout: string): Layout => (layout.startsWith("grid") ? "grid" : "speaker");

const isScreen = (id: string): boolean => id.endsWith("/screen");

const came = ({ joinedAt }: RemoteParticipant): number => joinedAt?.getTime() ?? 0;

function sourcesOf(person: RemoteParticipant): Source[] {
  const { identity } = person;
  const name = person.name || identity;
  const camera = person.getTrackPublication(Track.Source.Camera);
  const screen = person.getTrackPublication(Track.Source.ScreenShare);
  const voice = person.getTrackPublication(Track.Source.Microphone);
  const found: Source[] = [];
  if (camera || voice) found.push({ id: identity, name, picture: on(camera) });
  if (screen)
    found.push({ id: `${identity}/screen`, name: `${name} (screen)`, picture: on(screen) });
  return found;
}

const on = (publication: ReturnType<RemoteParticipant["getTrackPublication"]>) =>
  publication?.track && !publication.isMuted ? (publication as RemoteTrackPublication) : null;

/** What is heard needs an element, though nobody sees it. */
function sound(track: Track): void {
  if (track.kind === Track.Kind.Audio) document.body.append(track.attach());
}
