import { type ChatLine, chatAfter } from "../../audience/chat/chat";
import { type Question, questionsAfter } from "../../audience/questions/questions";
import type { StoredEvent } from "../../sessions/events/eventFeed";
import { emptyView, evolve, type SessionView } from "../../sessions/state/session";
import { type AskedPoll, pollsAfter } from "./polls";

/** The class room as it stood after some of its events. */
export interface Moment {
  readonly view: SessionView;
  readonly chat: readonly ChatLine[];
  readonly questions: readonly Question[];
  readonly polls: readonly AskedPoll[];
}

/** A moment is kept every so many events: going to any other folds fewer than this. */
export const EVERY_EVENTS = 500;

const BEGINNING: Moment = { view: emptyView, chat: [], questions: [], polls: [] };
/** Nobody's: in a replay no reaction or vote is one's own. */
const ME = "";

function after(moment: Moment, events: readonly StoredEvent[]): Moment {
  if (events.length === 0) return moment;
  return {
    view: events.reduce(evolve, moment.view),
    chat: chatAfter(moment.chat, events, { me: ME, grows: true }),
    questions: questionsAfter(moment.questions, events, ME),
    polls: pollsAfter(moment.polls, events),
  };
}

/** The whole log of a class that is over, to be looked at as it stood at any time. */
export class Rewind {
  readonly #events: readonly StoredEvent[];
  readonly #times: readonly number[];
  readonly #kept: Moment[] = [BEGINNING];

  constructor(events: readonly StoredEvent[]) {
    this.#events = events;
    let latest = 0;
    this.#times = events.map(({ createdAt }) => {
      latest = Math.max(latest, Date.parse(createdAt));
      return latest;
    });
  }

  /** How many events there were by then, in Unix milliseconds. */
  countAt(unixMs: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] ?? 0) <= unixMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** When the event of this sequence was logged. */
  timeOf(sequence: number): number {
    return this.#times[sequence - 1] ?? 0;
  }

  /** The room after this many events. */
  after(count: number): Moment {
    const index = Math.floor(count / EVERY_EVENTS);
    return after(this.#keptAt(index), this.#events.slice(index * EVERY_EVENTS, count));
  }

  #keptAt(index: number): Moment {
    let moment = this.#kept.at(Math.min(index, this.#kept.length - 1)) ?? BEGINNING;
    while (this.#kept.length <= index) {
      const start = (this.#kept.length - 1) * EVERY_EVENTS;
      moment = after(moment, this.#events.slice(start, start + EVERY_EVENTS));
      this.#kept.push(moment);
    }
    return moment;
  }
}
