import type { Schemas } from "../../api/client";
import { evolve, type SessionView } from "../state/session";

export type StoredEvent = Schemas["StoredEvent"];
export type EventPage = Schemas["EventPage"];

/** The log of one session as this browser knows it: how the class was when it came in, and all that happened since. */
export interface EventLog {
  readonly start: SessionView;
  /** Those after `start`, in order. */
  readonly events: readonly StoredEvent[];
  /** `start` after all of them. */
  readonly view: SessionView;
  /** The sequence of the last one. */
  readonly last: number;
}

export const logFrom = (start: SessionView): EventLog => ({
  start,
  events: [],
  view: start,
  last: start.sequence,
});

/** What happened after a place of the log, which is not before its start. */
export const eventsAfter = (log: EventLog, sequence: number): readonly StoredEvent[] =>
  log.events.slice(Math.max(0, sequence - log.start.sequence));

/** The log with `items` of a server page; what is already known is left out. */
export function withPage(log: EventLog, items: readonly StoredEvent[]): EventLog {
  const news = items.filter((event) => event.sequence > log.last);
  if (news.length === 0) return log;
  const view = news.reduce(evolve, log.view);
  return { start: log.start, events: [...log.events, ...news], view, last: view.sequence };
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
  start: SessionView;
  fetchPage: (after: number) => Promise<EventPage>;
  onChange: (log: EventLog) => void;
}

/** Keeps an EventLog whole: takes pushed events as they come and fetches whatever they leave out. */
export class EventFeed {
  #log: EventLog;
  #healing: Promise<void> | null = null;
  #again = false;
  readonly #ports: FeedPorts;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
    this.#log = logFrom(ports.start);
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
