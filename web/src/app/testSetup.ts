import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { answer, serving } from "./testing";

globalThis.fetch = answer;

beforeEach(() => {
  serving({});
  const none = () => undefined;
  // What Mantine asks of a browser, and jsdom has not.
  vi.stubGlobal("matchMedia", () => ({ addEventListener: none, removeEventListener: none }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe = none;
      unobserve = none;
      disconnect = none;
    },
  );
  Object.assign(document, { fonts: new EventTarget() });
  Element.prototype.scrollTo ??= none;
  Element.prototype.scrollIntoView ??= none;
});

afterEach(cleanup);
