import { describe, expect, test } from "vitest";
import { emptyView, evolve } from "../state/session";
import {
  decodePacket,
  EventFeed,
  type EventLog,
  eventsAfter,
  logFrom,
  type StoredEvent,
  withPage,
  withPushed,
} from "./eventFeed";

const emptyLog = logFrom(emptyView);
const event = (sequence: number): StoredEvent => ({
  id: `event-${sequence}`,
  sessionId: "s",
  sequence,
  createdAt: "2026-01-01T00:00:00Z",
  payload: { type: "session.ended", reason: "command" },
});

const sequences = (log: EventLog) => log.events.map((one) => one.sequence);

/** A server whose log is 1..last, at most three events a page. */
function server(last: { value: number }) {
  const asked: number[] = [];
  const fetchPage = async (after: number) => {
    asked.push(after);
    const items = [1, 2, 3]
      .map((step) => after + step)
      .filter((sequence) => sequence <= last.value)
      .map(event);
    return { items, lastSequence: last.value, closed: false };
  };
  return { asked, fetchPage };
}

function feedOf(last: { value: number }, start = emptyView) {
  const { asked, fetchPage } = server(last);
  let log = logFrom(start);
  const feed = new EventFeed({
    start,
    fetchPage,
    onChange: (next) => {
      log = next;
    },
  });
  return { feed, asked, log: () => log };
}

describe("the log", () => {
  test("takes the next event and leaves a known one out", () => {
    const one = withPushed(emptyLog, event(1));
    expect(one && sequences(one)).toEqual([1]);
    expect(one && withPushed(one, event(1))).toBe(one);
  });

  test("refuses an event that leaves a gap", () => {
    expect(withPushed(withPage(emptyLog, [event(1)]), event(3))).toBeNull();
  });

  test("takes of a page only what is new", () => {
    const log = withPage(withPage(emptyLog, [event(1), event(2)]), [event(2), event(3)]);
    expect(sequences(log)).toEqual([1, 2, 3]);
  });
});

describe("a log that begins later", () => {
  const start = [1, 2].map(event).reduce(evolve, emptyView);
  const log = withPage(logFrom(start), [1, 2, 3, 4].map(event));

  test("holds what came since, and leads to the state of the whole log", () => {
    expect(sequences(log)).toEqual([3, 4]);
    expect(log.view).toEqual([1, 2, 3, 4].map(event).reduce(evolve, emptyView));
  });

  test.each([
    [0, [3, 4]],
    [2, [3, 4]],
    [3, [4]],
    [9, []],
  ])("knows what came after %i", (sequence, after) => {
    expect(eventsAfter(log, sequence).map((one) => one.sequence)).toEqual(after);
  });
});

describe("a packet", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  test("is read as the event it holds", () => {
    expect(decodePacket(bytes(JSON.stringify(event(7))))).toEqual({
      event: event(7),
      lastSequence: 7,
    });
  });

  test.each(["", "{", "null", "7", '{"sequence":"1","payload":{}}', '{"sequence":1}'])(
    "that holds %j is no event",
    (text) => {
      expect(decodePacket(bytes(text))).toEqual({ event: null, lastSequence: Infinity });
    },
  );

  test("between events says up to where the log goes", () => {
    expect(decodePacket(bytes('{"lastSequence":4}'))).toEqual({ event: null, lastSequence: 4 });
  });
});

describe("the feed", () => {
  test("fetches everything, page by page", async () => {
    const { feed, asked, log } = feedOf({ value: 8 });
    await feed.heal();
    expect(sequences(log())).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(asked).toEqual([0, 3, 6]);
  });

  test("never fetches what the start knows already", async () => {
    const start = [1, 2, 3, 4, 5].map(event).reduce(evolve, emptyView);
    const { feed, asked, log } = feedOf({ value: 6 }, start);
    await feed.heal();
    expect(sequences(log())).toEqual([6]);
    expect(asked).toEqual([5]);
  });

  test("heals the gap that a pushed event shows", async () => {
    const last = { value: 2 };
    const { feed, log } = feedOf(last);
    await feed.heal();
    last.value = 5;
    await feed.push(event(5));
    expect(sequences(log())).toEqual([1, 2, 3, 4, 5]);
  });

  test("takes pushed events in order without asking the server", async () => {
    const { feed, asked, log } = feedOf({ value: 0 });
    await feed.push(event(1));
    await feed.push(event(2));
    expect(sequences(log())).toEqual([1, 2]);
    expect(asked).toEqual([]);
  });

  test("asks the server after a sign of life only when it is behind", async () => {
    const { feed, asked, log } = feedOf({ value: 2 });
    await feed.push(event(1));
    await feed.take({ event: null, lastSequence: 1 });
    expect(asked).toEqual([]);
    await feed.take({ event: null, lastSequence: 2 });
    expect(sequences(log())).toEqual([1, 2]);
  });

  test("has each event once, whatever order and however often they come", async () => {
    const { feed, log } = feedOf({ value: 6 });
    await Promise.all([6, 2, 1, 3, 3, 6, 1].map((sequence) => feed.push(event(sequence))));
    expect(sequences(log())).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("looks once more when asked during a look", async () => {
    const last = { value: 1 };
    const { feed, log } = feedOf(last);
    const first = feed.heal();
    last.value = 2;
    await Promise.all([first, feed.heal()]);
    expect(sequences(log())).toEqual([1, 2]);
  });

  test("asks again after a failed look", async () => {
    let fails = true;
    const good = server({ value: 1 });
    let log = emptyLog;
    const feed = new EventFeed({
      start: emptyView,
      fetchPage: (after) => (fails ? Promise.reject(new Error("away")) : good.fetchPage(after)),
      onChange: (next) => {
        log = next;
      },
    });
    await expect(feed.heal()).rejects.toThrow("away");
    fails = false;
    await feed.heal();
    expect(sequences(log)).toEqual([1]);
  });

  test("stops when the server promises more than it gives", async () => {
    const feed = new EventFeed({
      start: emptyView,
      fetchPage: async () => ({ items: [], lastSequence: 9, closed: false }),
      onChange: () => {},
    });
    await expect(feed.heal()).resolves.toBeUndefined();
  });
});
