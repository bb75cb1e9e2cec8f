"""Which invitations are good, and who came by them."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from schema import events as e


class InvitationState(msgspec.Struct, frozen=True):
    """`guests` are users."""

    expires_at: datetime
    max_uses: int | None = None
    guests: frozenset[UUID] = frozenset()
    revoked: bool = False


Invitations = dict[UUID, InvitationState]


def evolve_invitations(known: Invitations, event: e.StoredEvent) -> Invitations:
    match event.payload:
        case e.InvitationCreated(invitation_id=key, expires_at=until, max_uses=most):
            return {**known, key: InvitationState(expires_at=until, max_uses=most)}
        case e.InvitationAccepted(invitation_id=key, guest_id=guest) if key in known:
            return {**known, key: replace(known[key], guests=known[key].guests | {guest})}
        case e.InvitationRevoked(invitation_id=key) if key in known:
            return {**known, key: replace(known[key], revoked=True)}
        case _:
            return known
