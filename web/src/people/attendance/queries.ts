import { queryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "../../api/client";

export type Attendance = Schemas["Attendance"];
export type Attendee = Schemas["Attendee"];

export const attendanceQuery = (session_id: string) =>
  queryOptions({
    queryKey: ["attendance", session_id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/attendance", {
          params: { path: { session_id } },
          signal,
        }),
      ),
  });
