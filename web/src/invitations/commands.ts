import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../api/client";

export type Invitation = Schemas["Invitation"];

export const invitationsQuery = (session_id: string) =>
  queryOptions({
    queryKey: ["invitations", session_id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/invitations", {
          params: { path: { session_id } },
          signal,
        }),
      ),
  });

export interface NewInvitation {
  sessionId: string;
  name: string;
  maxUses: number | null;
}

export const invite = ({ sessionId: session_id, ...body }: NewInvitation, key: string) =>
  unwrap(
    api.POST("/api/sessions/{session_id}/invitations", {
      params: { path: { session_id } },
      body,
      ...idempotent(key),
    }),
  );

export interface Revocation {
  sessionId: string;
  id: string;
  removeGuests: boolean;
}

export const revoke = ({ sessionId, id, removeGuests }: Revocation, key: string) =>
  unwrap(
    api.DELETE("/api/sessions/{session_id}/invitations/{invitation_id}", {
      params: { path: { session_id: sessionId, invitation_id: id }, query: { removeGuests } },
      ...idempotent(key),
    }),
  );

export const acceptInvitation = (body: { token: string; name: string }, key: string) =>
  unwrap(api.POST("/api/invitations/accept", { body, ...idempotent(key) }));
