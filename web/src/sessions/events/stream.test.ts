// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { StoredEvent } from "./eventFeed";
import { openStream } from "./stream";

/** A browser's EventSource without a network: tests say what arrives. */
class Source extends EventTarget {
  static readonly CLOSED = 2;
  static made: Source[] = [];
  readyState = 1;
  onopen: () => void = () => {};
  onmessage: (message: { data: string }) => void = () => {};
  onerror: () => void = () => {};

  constructor(readonly url: string) {
    super();
    Source.made.push(this);
  }

  close() {
    this.readyState = Source.CLOSED;
  }

  static last(): Source {
    return Source.made.at(-1) as Source;
  }
}

beforeEach(() => {
  Source.made = [];
  vi.stubGlobal("EventSource", Source);
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function follow() {
  const events: (StoredEvent | null)[] = [];
  const open: boolean[] = [];
  let last = 3;
  const close = openStream("s", {
    after: () => last,
    onEvent: (event) => {
      events.push(event);
      last = event?.sequence ?? last;
    },
    onOpen: (is) => open.push(is),
  });
  return { events, open, close };
}

test("asks for what follows and hands on what comes", () => {
  const { events, open } = follow();
  Source.last().onopen();
  Source.last().onmessage({ data: '{"sequence":4,"payload":{"type":"session.ended"}}' });
  expect(Source.last().url).toBe("/api/sessions/s/events/stream?after=3");
  expect(events.map((event) => event?.sequence)).toEqual([4]);
  expect(open).toEqual([true]);
});

test("leaves a cut to the browser and asks anew, from where it is, after a refusal", () => {
  const { open } = follow();
  Source.last().onmessage({ data: '{"sequence":9,"payload":{"type":"session.ended"}}' });
  Source.last().readyState = 0;
  Source.last().onerror();
  vi.advanceTimersByTime(60_000);
  expect(Source.made).toHaveLength(1);
  Source.last().close();
  Source.last().onerror();
  vi.advanceTimersByTime(60_000);
  expect(Source.made.map(({ url }) => url.split("=")[1])).toEqual(["3", "9"]);
  expect(open).toEqual([false, false]);
});

test("ends with the class, and when it is told to", () => {
  follow();
  Source.last().dispatchEvent(new Event("closed"));
  expect(Source.last().readyState).toBe(Source.CLOSED);
  const { close } = follow();
  close();
  vi.advanceTimersByTime(60_000);
  expect(Source.last().readyState).toBe(Source.CLOSED);
  expect(Source.made).toHaveLength(2);
});
