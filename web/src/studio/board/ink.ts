import { newKey } from "../../api/intent";
import type { Stroke } from "../queries";

/** As the server takes them (schema/studio.py, orchestrator/studio/boards/domain.py). */
const NUMBERS_A_BATCH = 1_000;
const NUMBERS_A_STROKE = 20_000;
/** Closer points add nothing that can be seen. */
const STEP = 12;

/** `told` is where in the log its last piece stands, once all of it is sent. */
interface Wet extends Stroke {
  points: number[];
  sent: number;
  ended: boolean;
  told: number;
}

type Send = (stroke: Stroke) => Promise<{ sequence: number }>;

/** What one's own pen has drawn and the log has not told yet; sent in pieces, in order. */
export class Ink {
  #wet = new Map<string, Wet>();
  #sending: Promise<void> | null = null;
  readonly #send: Send;
  readonly #onChange: (strokes: readonly Stroke[]) => void;

  constructor(send: Send, onChange: (strokes: readonly Stroke[]) => void) {
    this.#send = send;
    this.#onChange = onChange;
  }

  /** The id of the stroke that begins here. */
  begin(color: string, width: number, place: readonly [number, number]): string {
    const id = newKey();
    this.#wet.set(id, { id, color, width, points: [...place], sent: 0, ended: false, told: 0 });
    this.#changed();
    return id;
  }

  extend(id: string, [x, y]: readonly [number, number]): void {
    const stroke = this.#wet.get(id);
    if (!stroke || stroke.points.length + 2 > NUMBERS_A_STROKE) return;
    const [lastX = 0, lastY = 0] = stroke.points.slice(-2);
    if (Math.hypot(x - lastX, y - lastY) < STEP) return;
    stroke.points.push(x, y);
    this.#changed();
  }

  end(id: string): void {
    const stroke = this.#wet.get(id);
    if (stroke) stroke.ended = true;
  }

  /** Sends what is not out yet; while a piece is under way the next one waits. */
  async flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = this.#all().finally(() => {
      this.#sending = null;
    });
    await this.#sending;
  }

  /** When everything drawn so far is with the server, or lost. What takes a stroke back must come after its last piece. */
  async settled(): Promise<void> {
    await this.#sending?.catch(() => {});
    await this.flush().catch(() => {});
  }

  /** Lets go of what the log tells as well, up to its event number `last`. */
  dry(last: number): void {
    const before = this.#wet.size;
    for (const [id, { ended, points, sent, told }] of this.#wet)
      if (ended && sent === points.length && told > 0 && told <= last) this.#wet.delete(id);
    if (this.#wet.size < before) this.#changed();
  }

  async #all(): Promise<void> {
    for (let stroke = this.#unsent(); stroke; stroke = this.#unsent()) await this.#piece(stroke);
  }

  #unsent(): Wet | undefined {
    return [...this.#wet.values()].find(({ points, sent }) => sent < points.length);
  }

  async #piece(stroke: Wet): Promise<void> {
    const points = stroke.points.slice(stroke.sent, stroke.sent + NUMBERS_A_BATCH);
    stroke.sent += points.length;
    const { id, color, width } = stroke;
    try {
      const { sequence } = await this.#send({ id, color, width, points });
      stroke.told = stroke.sent === stroke.points.length ? sequence : 0;
    } catch (error) {
      this.#wet.delete(id);
      this.#changed();
      throw error;
    }
  }

  #changed(): void {
    this.#onChange([...this.#wet.values()].map((stroke) => ({ ...stroke })));
  }
}
