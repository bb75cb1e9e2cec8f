"""Invitations for guests. What an invitation is called, and its secret, are not in the log: all of the class reads it."""

from datetime import datetime
from uuid import UUID

from schema.log.base import Payload


class InvitationCreated(Payload, frozen=True, tag="invitation.created"):
    """`max_uses` is null for any number."""

    invitation_id: UUID
    expires_at: datetime
    max_uses: int | None
    created_by: UUID


class InvitationAccepted(Payload, frozen=True, tag="invitation.accepted"):
    """`guest_id` is the user made for it."""

    invitation_id: UUID
    guest_id: UUID


class InvitationRevoked(Payload, frozen=True, tag="invitation.revoked"):
    invitation_id: UUID
    revoked_by: UUID


InvitationEvent = InvitationCreated | InvitationAccepted | InvitationRevoked
