import type { Room } from "livekit-client";

const TOPIC = "lk.transcription";
/** As in our own worker (agents/egress/scene/captions.py). */
const STAYS_MS = 5000;
const KEPT = 3;

interface Line {
  name: string;
  text: string;
  goes: number;
}

/** What each speaker says last, from the captions that the room publishes. */
export class Captions {
  #lines = new Map<string, Line>();
  readonly #onChange: (lines: readonly string[]) => void;

  constructor(room: Room, onChange: (lines: readonly string[]) => void) {
    this.#onChange = onChange;
    room.registerTextStreamHandler(TOPIC, async (reader, { identity }) => {
      const segment = reader.info.attributes?.["lk.segment_id"] ?? "";
      const name = room.remoteParticipants.get(identity)?.name || identity;
      this.#hear(segment, name, (await reader.readAll()).trim());
    });
  }

  #hear(segment: string, name: string, text: string): void {
    window.clearTimeout(this.#lines.get(segment)?.goes);
    if (!text) this.#lines.delete(segment);
    else {
      const goes = window.setTimeout(() => this.#forget(segment), STAYS_MS);
      this.#lines.set(segment, { name, text, goes });
    }
    const [first] = this.#lines.keys();
    if (first !== undefined && this.#lines.size > KEPT) this.#lines.delete(first);
    this.#tell();
  }

  #forget(segment: string): void {
    this.#lines.delete(segment);
    this.#tell();
  }

  #tell(): void {
    let last = "";
    const said = [...this.#lines.values()].map(({ name, text }) => {
      const line = name === last ? text : `${name}: ${text}`;
      last = name;
      return line;
    });
    this.#onChange(said);
  }
}
