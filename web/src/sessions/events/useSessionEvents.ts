import { ParticipantKind, type RemoteParticipant, type Room, RoomEvent } from "livekit-client";
import { useEffect, useState } from "react";
import { api, unwrap } from "../../api/client";
import { asProblem } from "../../api/problem";
import type { SessionView } from "../state/session";
import { decodePacket, EventFeed, type EventLog, logFrom } from "./eventFeed";
import { openStream } from "./stream";
import { hears, loses, newEars, packetsFlow, type Way } from "./ways";

const TOPIC = "lectern.events";
const LOOK_MS = 1_000;

type Sender = Pick<RemoteParticipant, "kind"> | undefined;

/** Only an agent's packets are taken at their word. */
export const speaksForLog = (sender: Sender): boolean => sender?.kind === ParticipantKind.AGENT;

/**
 * A packet without a sender may be the server's own, or of somebody this browser has not heard of yet: it says no more
 * than that the log is worth a look.
 */
export const hintsAtLog = (sender: Sender): boolean => sender === undefined;

const fetchPage = (sessionId: string) => (after: number) =>
  unwrap(
    api.GET("/api/sessions/{session_id}/events", {
      params: { path: { session_id: sessionId }, query: { after } },
    }),
  );

export interface LiveLog {
  log: EventLog;
  way: Way;
}

/** The session's log from `start` on, live and without gaps, for as long as `room` is the one we are in. */
export function useSessionEvents(sessionId: string, room: Room, start: SessionView): LiveLog {
  const [log, setLog] = useState(() => logFrom(start));
  const [way, setWay] = useState<Way>("packets");
  useEffect(() => {
    const feed = new EventFeed({ start, fetchPage: fetchPage(sessionId), onChange: setLog });
    return follow(sessionId, room, feed, setWay);
  }, [sessionId, room, start]);
  return { log, way };
}

/** Listens to the room's agent, and to the server's stream while no agent is heard. Ends when the result is called. */
function follow(
  sessionId: string,
  room: Room,
  feed: EventFeed,
  onWay: (way: Way) => void,
): () => void {
  let ears = newEars(Date.now());
  let closeStream: (() => void) | null = null;

  // A failed look is repeated by the next packet or by the stream, which asks from where we are.
  const quietly = (work: Promise<void>) => void work.catch(asProblem);
  const heal = () => quietly(feed.heal());
  const choose = () => {
    const flows = packetsFlow(ears, Date.now());
    if (flows && closeStream) {
      closeStream();
      closeStream = null;
      onWay("packets");
    } else if (!flows && !closeStream) {
      onWay("stream");
      closeStream = openStream(sessionId, {
        after: () => feed.last,
        onEvent: (event) => quietly(feed.push(event)),
        onOpen: (open) => onWay(open ? "stream" : "none"),
      });
    }
  };
  const onData = (payload: Uint8Array, sender?: Sender, _kind?: unknown, topic?: string) => {
    if (topic !== TOPIC) return;
    if (speaksForLog(sender)) {
      ears = hears(ears, Date.now());
      choose();
      quietly(feed.take(decodePacket(payload)));
    } else if (hintsAtLog(sender) && !closeStream) heal();
  };
  const lose = () => {
    ears = loses(ears);
    choose();
  };
  const onLeft = (who: RemoteParticipant) => {
    if (speaksForLog(who)) lose();
  };

  heal();
  const timer = window.setInterval(choose, LOOK_MS);
  room
    .on(RoomEvent.DataReceived, onData)
    .on(RoomEvent.ParticipantDisconnected, onLeft)
    .on(RoomEvent.SignalReconnecting, lose)
    .on(RoomEvent.Reconnecting, lose)
    .on(RoomEvent.Disconnected, lose)
    .on(RoomEvent.Reconnected, heal);
  return () => {
    window.clearInterval(timer);
    closeStream?.();
    room
      .off(RoomEvent.DataReceived, onData)
      .off(RoomEvent.ParticipantDisconnected, onLeft)
      .off(RoomEvent.SignalReconnecting, lose)
      .off(RoomEvent.Reconnecting, lose)
      .off(RoomEvent.Disconnected, lose)
      .off(RoomEvent.Reconnected, heal);
  };
}
