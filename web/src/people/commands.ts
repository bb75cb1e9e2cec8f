import { api, idempotent, unwrap } from "../api/client";
import type { Permissions } from "./rights";

/** Somebody in a class. */
export interface Target {
  sessionId: string;
  id: string;
}

const inSession = (session_id: string, key: string) => ({
  params: { path: { session_id } },
  ...idempotent(key),
});
const atPerson = ({ sessionId: session_id, id: participant_id }: Target, key: string) => ({
  params: { path: { session_id, participant_id } },
  ...idempotent(key),
});

export type RightsChange = Target & { change: Partial<Permissions> };

export const changeRights = ({ change, ...target }: RightsChange, key: string) =>
  unwrap(
    api.PATCH("/api/sessions/{session_id}/participants/{participant_id}/permissions", {
      ...atPerson(target, key),
      body: change,
    }),
  );

/** One's own hand. */
export const moveHand = ({ sessionId, up }: { sessionId: string; up: boolean }, key: string) => {
  const call = inSession(sessionId, key);
  return unwrap(
    up
      ? api.POST("/api/sessions/{session_id}/hand", call)
      : api.DELETE("/api/sessions/{session_id}/hand", call),
  );
};

export const lowerHand = (target: Target, key: string) =>
  unwrap(
    api.DELETE(
      "/api/sessions/{session_id}/participants/{participant_id}/hand",
      atPerson(target, key),
    ),
  );

export const lowerAllHands = (sessionId: string, key: string) =>
  unwrap(api.DELETE("/api/sessions/{session_id}/hands", inSession(sessionId, key)));

export type MuteTarget = Target & { source: "microphone" | "camera" };

export const mute = ({ source, ...target }: MuteTarget, key: string) =>
  unwrap(
    api.POST("/api/sessions/{session_id}/participants/{participant_id}/mute", {
      ...atPerson(target, key),
      body: { source },
    }),
  );

export const muteAll = (sessionId: string, key: string) =>
  unwrap(
    api.POST("/api/sessions/{session_id}/participants/mute", {
      ...inSession(sessionId, key),
      body: { source: "microphone" },
    }),
  );

export const removePerson = (target: Target, key: string) =>
  unwrap(
    api.DELETE("/api/sessions/{session_id}/participants/{participant_id}", atPerson(target, key)),
  );

export const readmit = (target: Target, key: string) =>
  unwrap(
    api.POST(
      "/api/sessions/{session_id}/participants/{participant_id}/readmit",
      atPerson(target, key),
    ),
  );

export const setLock = (
  { sessionId, locked }: { sessionId: string; locked: boolean },
  key: string,
) => {
  const call = inSession(sessionId, key);
  return unwrap(
    locked
      ? api.PUT("/api/sessions/{session_id}/lock", call)
      : api.DELETE("/api/sessions/{session_id}/lock", call),
  );
};

export interface Rule {
  sessionId: string;
  studentsMayPublish: boolean;
}

export const setRule = ({ sessionId, studentsMayPublish }: Rule, key: string) =>
  unwrap(
    api.PUT("/api/sessions/{session_id}/rules", {
      ...inSession(sessionId, key),
      body: { studentsMayPublish },
    }),
  );
