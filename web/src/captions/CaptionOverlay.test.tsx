import { RoomContext } from "@livekit/components-react";
import { act, screen, waitFor } from "@testing-library/react";
import { ConnectionState, Room, type TextStreamHandler } from "livekit-client";
import { expect, test } from "vitest";
import { show } from "../app/testing";
import type { StoredEvent } from "../sessions/events/eventFeed";
import { CaptionOverlay } from "./CaptionOverlay";

/** A room whose text streams the test brings itself. */
class Hall extends Room {
  override state = ConnectionState.Connected;
  #hear: TextStreamHandler | null = null;

  override registerTextStreamHandler(_topic: string, handler: TextStreamHandler): void {
    this.#hear = handler;
  }

  /** What the class's agent publishes of one utterance, as LiveKit hands it on. */
  say(segmentId: string, text: string, final: boolean): void {
    const attributes = {
      "lk.segment_id": segmentId,
      "lk.transcription_final": String(final),
      start_ms: String(Date.now()),
    };
    const reader = {
      info: { id: `${segmentId} ${text}`, timestamp: Date.now(), attributes },
      async *[Symbol.asyncIterator]() {
        yield text;
      },
    };
    this.#hear?.(reader as unknown as Parameters<TextStreamHandler>[0], { identity: "ada" });
  }
}

const corrected: StoredEvent = {
  id: "e",
  sessionId: "s",
  sequence: 1,
  createdAt: "2026-01-01T10:00:00Z",
  payload: {
    type: "caption.corrected",
    segmentId: "SG_1",
    participantId: "ada",
    text: "A cell membrane.",
    correctedBy: "u",
  },
};

const overlay = (hall: Hall, events: StoredEvent[]) => (
  <RoomContext.Provider value={hall}>
    <CaptionOverlay events={events} nameOf={() => "Ada"} />
  </RoomContext.Provider>
);
const shown = () => screen.getByRole("region", { name: "Live captions" }).querySelector("p");

test("what is said stands over the stage, and a correction takes its place while it is read", async () => {
  const hall = new Hall();
  const { rerender } = show(overlay(hall, []));
  act(() => hall.say("SG_1", "A salami", false));
  await waitFor(() => expect(shown()?.textContent).toContain("A salami"));
  act(() => hall.say("SG_1", "A salami brain.", true));
  await waitFor(() => expect(shown()?.textContent).toContain("A salami brain."));
  rerender(overlay(hall, [corrected]));
  expect(shown()?.textContent).toContain("A cell membrane.");
  expect(shown()?.textContent).not.toContain("salami");
});
