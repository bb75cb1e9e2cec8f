import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../api/client";

export type CaptionOptions = Schemas["CaptionOptions"];
export type CaptionSettings = Schemas["CaptionSettings"];

/** A class, or all classes of a course that have no settings of their own. */
export type Place = { session: string } | { course: string };

const ofSession = (id: string) => ({ params: { path: { session_id: id } } });
const ofCourse = (id: string) => ({ params: { path: { course_id: id } } });

export const captionOptionsQuery = (place: Place) =>
  queryOptions({
    queryKey: ["caption-settings", place],
    queryFn: ({ signal }) =>
      unwrap(
        "session" in place
          ? api.GET("/api/sessions/{session_id}/captions/settings", {
              ...ofSession(place.session),
              signal,
            })
          : api.GET("/api/courses/{course_id}/captions", { ...ofCourse(place.course), signal }),
      ),
  });

export const setCaptionSettings = (place: Place, body: CaptionSettings, key: string) =>
  unwrap(
    "session" in place
      ? api.PUT("/api/sessions/{session_id}/captions/settings", {
          ...ofSession(place.session),
          body,
          ...idempotent(key),
        })
      : api.PUT("/api/courses/{course_id}/captions", {
          ...ofCourse(place.course),
          body,
          ...idempotent(key),
        }),
  );

export const chooseLanguage = (session: string, language: string, key: string) =>
  unwrap(
    api.PUT("/api/sessions/{session_id}/captions/language", {
      ...ofSession(session),
      body: { language },
      ...idempotent(key),
    }),
  );

export interface Correction {
  segmentId: string;
  text: string;
}

export const correctCaption = (session: string, { segmentId, text }: Correction, key: string) =>
  unwrap(
    api.PATCH("/api/sessions/{session_id}/captions/{segment_id}", {
      params: { path: { session_id: session, segment_id: segmentId } },
      body: { text },
      ...idempotent(key),
    }),
  );

export const redactSpeaker = (
  { sessionId, participantId }: { sessionId: string; participantId: string },
  key: string,
) =>
  unwrap(
    api.POST("/api/sessions/{session_id}/captions/redactions", {
      ...ofSession(sessionId),
      body: { participantId },
      ...idempotent(key),
    }),
  );
