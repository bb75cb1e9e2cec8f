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

/** Reads an event as the server writes it; null when it isn't one, which is treated as a wake-up. */
export function storedEvent(json: string): StoredEvent | null {
  const event = parsed(json) as Partial<StoredEvent> | null;
  return Number.isInteger(event?.sequence) && event?.payload ? (event as StoredEvent) : null;
}

/** What an agent sends: an event, or between events up to where the log goes, that is, what follows is still to come. */
export type Packet = { event: StoredEvent | null; lastSequence: number };

/** Reads a `lectern.events` packet. */
export function decodePacket(payload: Uint8Array): Packet {
  const json = new TextDecoder().decode(payload);
  const event = storedEvent(json);
  const pulse = parsed(json) as { lastSequence?: unknown } | null;
  const last = event ? event.sequence : pulse?.lastSequence;
  return { event, lastSequence: typeof last === "number" ? last : Number.POSITIVE_INFINITY };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
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

  get last(): number {
    return this.#log.last;
  }

  /** Takes a packet of somebody who speaks for the log; one that shows nothing new costs nothing. */
  take({ event, lastSequence }: Packet): Promise<void> {
    return lastSequence > this.#log.last ? this.push(event) : Promise.resolve();
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
