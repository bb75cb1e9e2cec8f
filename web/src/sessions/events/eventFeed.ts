import type { Schemas } from "../../api/client";

export type StoredEvent = Schemas["StoredEvent"];
export type EventPage = Schemas["EventPage"];

/** The log of one session as this browser knows it: `events` in order, up to `last`. */
export interface EventLog {
  readonly last: number;
  readonly events: readonly StoredEvent[];
}

export const emptyLog: EventLog = { last: 0, events: [] };

/** The log with `items` of a server page; what is already known is left out. */
export function withPage(log: EventLog, items: readonly StoredEvent[]): EventLog {
  const news = items.filter((event) => event.sequence > log.last);
  const newest = news.at(-1);
  return newest ? { last: newest.sequence, events: [...log.events, ...news] } : log;
}

/** The log with an event pushed to us, or null when events before it are missing. */
export function withPushed(log: EventLog, event: StoredEvent): EventLog | null {
  if (event.sequence > log.last + 1) return null;
  return withPage(log, [event]);
}

/** Reads a `lectern.events` packet; null when it isn't an event, which is treated as a wake-up. */
export function decodePacket(payload: Uint8Array): StoredEvent | null {
  try {
    const event = JSON.parse(new TextDecoder().decode(payload)) as Partial<StoredEvent>;
    return Number.isInteger(event.sequence) && event.payload ? (event as StoredEvent) : null;
  } catch {
    return null;
  }
}

interface FeedPorts {
  fetchPage: (after: number) => Promise<EventPage>;
  onChange: (log: EventLog) => void;
}

/** Keeps an EventLog whole: takes pushed events as they come and fetches whatever they leave out. */
export class EventFeed {
  #log = emptyLog;
  #healing: Promise<void> | null = null;
  #again = false;
  readonly #ports: FeedPorts;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
  }

  push(event: StoredEvent | null): Promise<void> {
    const grown = event && withPushed(this.#log, event);
    if (!grown) return this.heal();
    this.#set(grown);
    return Promise.resolve();
  }

  /** Fetches all that is missing; a call during a fetch makes it look once more. Rejects with Problem. */
  heal(): Promise<void> {
    this.#again = this.#healing !== null;
    this.#healing ??= this.#fetchAll().finally(() => {
      this.#healing = null;
    });
    return this.#healing;
  }

  async #fetchAll(): Promise<void> {
    do {
      this.#again = false;
      for (let more = true; more; ) {
        const before = this.#log.last;
        const page = await this.#ports.fetchPage(before);
        this.#set(withPage(this.#log, page.items));
        more = this.#log.last > before && this.#log.last < page.lastSequence;
      }
    } while (this.#again);
  }

  #set(log: EventLog): void {
    if (log === this.#log) return;
    this.#log = log;
    this.#ports.onChange(log);
  }
}
