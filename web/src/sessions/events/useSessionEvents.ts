import { ParticipantKind, type RemoteParticipant, type Room, RoomEvent } from "livekit-client";
import { useEffect, useState } from "react";
import { api, unwrap } from "../../api/client";
import { asProblem } from "../../api/problem";
import { decodePacket, EventFeed, type EventLog, emptyLog } from "./eventFeed";

const TOPIC = "lectern.events";

/** A quiet look at the log: packets are not replayed after a reconnect, and no agent may be there to send them. */
const POLL_MS = 10_000;

/** Only an agent, or the server itself (no participant), may speak for the log. */
export const speaksForLog = (sender: Pick<RemoteParticipant, "kind"> | undefined): boolean =>
  sender === undefined || sender.kind === ParticipantKind.AGENT;

const fetchPage = (sessionId: string) => (after: number) =>
  unwrap(
    api.GET("/api/sessions/{session_id}/events", {
      params: { path: { session_id: sessionId }, query: { after } },
    }),
  );

/** The session's log, live and without gaps, for as long as `room` is the one we are in. */
export function useSessionEvents(sessionId: string, room: Room): EventLog {
  const [log, setLog] = useState(emptyLog);
  useEffect(() => {
    const feed = new EventFeed({ fetchPage: fetchPage(sessionId), onChange: setLog });
    // A failed look is repeated by the poll; a real outage shows elsewhere in the room.
    const quietly = (work: Promise<void>) => void work.catch(asProblem);
    const onData = (
      payload: Uint8Array,
      sender?: RemoteParticipant,
      _kind?: unknown,
      topic?: string,
    ) => {
      if (topic === TOPIC && speaksForLog(sender)) quietly(feed.push(decodePacket(payload)));
    };
    const heal = () => quietly(feed.heal());
    heal();
    const timer = window.setInterval(heal, POLL_MS);
    room.on(RoomEvent.DataReceived, onData).on(RoomEvent.Reconnected, heal);
    return () => {
      window.clearInterval(timer);
      room.off(RoomEvent.DataReceived, onData).off(RoomEvent.Reconnected, heal);
    };
  }, [sessionId, room]);
  return log;
}
