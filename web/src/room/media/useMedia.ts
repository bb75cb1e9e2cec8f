import { DefaultReconnectPolicy, Room, type RoomOptions } from "livekit-client";
import { useCallback, useEffect, useState } from "react";
import { newKey } from "../../api/intent";
import { asProblem, type Problem } from "../../api/problem";
import { type JoinReply, joinSession } from "../../sessions/queries";
import type { Departure } from "../leaving";
import { waitMs } from "./backoff";

/** LiveKit's own tries, ms apart: a network that blinks. What lasts longer is ours, with a new token for each try. */
const BLINK_MS = [0, 300, 1_200, 2_700, 4_800];

/** The media server is not there; the class goes on without it. */
export interface Away {
  /** Unix ms of the next try; null while one runs. */
  nextAt: number | null;
  tryNow: () => void;
}

export interface Media {
  room: Room;
  /** The seat as it was given last, with a token that still works. */
  access: JoinReply;
  away: Away | null;
  onConnected: () => void;
  onLost: () => void;
}

interface Absence {
  lost: boolean;
  tries: number;
  nextAt: number | null;
}

const PRESENT: Absence = { lost: false, tries: 0, nextAt: null };

const lostAgain = ({ tries }: Absence): Absence => ({
  lost: true,
  tries: tries + 1,
  nextAt: Date.now() + waitMs(tries),
});

/** Whether the same request may be answered later: whatever is wrong is not the request. */
const mayPass = ({ status }: Problem): boolean => status === 0 || status === 429 || status >= 500;

/** The room, and the way back into it for as long as the class is on; refused for good, one departs. */
export function useMedia(
  first: JoinReply,
  options: RoomOptions,
  onDeparture: (departure: Departure) => void,
): Media {
  const [room] = useState(() => new Room({ ...options, reconnectPolicy: policy() }));
  const [access, setAccess] = useState(first);
  const [absence, setAbsence] = useState(PRESENT);
  const { lost, nextAt } = absence;
  const sessionId = first.session.id;

  const onLost = useCallback(() => setAbsence((now) => (now.lost ? now : lostAgain(now))), []);
  const tryNow = useCallback(() => {
    setAbsence((now) => ({ ...now, nextAt: null }));
    joinSession(sessionId, newKey()).then(
      (reply) => {
        setAccess(reply);
        setAbsence((now) => ({ ...now, lost: false }));
      },
      (error) => {
        const problem = asProblem(error);
        if (mayPass(problem)) setAbsence(lostAgain);
        else onDeparture({ kind: "lost", text: problem.message });
      },
    );
  }, [sessionId, onDeparture]);
  useEffect(() => {
    if (!lost || nextAt === null) return;
    const timer = window.setTimeout(tryNow, nextAt - Date.now());
    return () => window.clearTimeout(timer);
  }, [lost, nextAt, tryNow]);

  const away = lost ? { nextAt, tryNow } : null;
  const onConnected = useCallback(() => setAbsence(PRESENT), []);
  return { room, access, away, onConnected, onLost };
}

const policy = () => new DefaultReconnectPolicy(BLINK_MS);
