"""Invitations for guests: bodies of /api/sessions/{id}/invitations and /api/invitations/accept."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from schema.auth import LoginReply
from schema.base import ONE_LINE, Command, Wire

MAX_USES = 1000
Label = Annotated[str, msgspec.Meta(max_length=120, pattern=ONE_LINE)]
GuestName = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=ONE_LINE)]


class CreateInvitation(Command, frozen=True):
    """`name` says for whom or what it is, to staff only. Without `expires_at` it lasts a week; without `max_uses` anybody with
    the link comes in."""

    name: Label = ""
    expires_at: datetime | None = None
    max_uses: Annotated[int, msgspec.Meta(ge=1, le=MAX_USES)] | None = None


class RevokeInvitation(Command, frozen=True):
    """With `remove_guests` whoever came in by it leaves at once; otherwise they stay."""

    remove_guests: bool = False


class Invitation(Wire, frozen=True):
    id: UUID
    session_id: UUID
    name: str
    created_at: datetime
    expires_at: datetime
    max_uses: int | None
    uses: int
    revoked: bool


class InvitationLink(Wire, frozen=True):
    """`url` is given to who made the invitation, and never again: only a hash of its secret is kept."""

    invitation: Invitation
    url: str


class AcceptInvitation(Command, frozen=True):
    """`token` is the secret of the link. The same key with the same token is the same guest."""

    token: Annotated[str, msgspec.Meta(max_length=128)]
    name: GuestName


class GuestReply(LoginReply, frozen=True):
    """A sign-in that is good for this session only."""

    session_id: UUID
