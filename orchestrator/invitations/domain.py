"""Which invitation lets somebody in, and what its end means for who came by it: pure decisions on the folded state."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from orchestrator.sessions.domain import participant_id, refuse_over
from orchestrator.state.session import SessionState
from schema import events as e
from schema.errors import InvalidField, InvitationOver
from schema.invitations import CreateInvitation

LASTS = timedelta(days=7)


def expiry(command: CreateInvitation, now: datetime) -> datetime:
    """Raises InvalidField."""
    until = command.expires_at or now + LASTS
    if until.tzinfo is None:
        raise InvalidField("expiresAt", "A time needs its zone, as in 2026-01-31T09:00:00Z.")
    if until <= now:
        raise InvalidField("expiresAt", "An invitation ends after it begins.")
    return until


def guest_id(invitation_id: UUID, key: str) -> UUID:
    """The same request is the same guest, however often it is sent."""
    return uuid5(invitation_id, key)


def create(state: SessionState, created: e.InvitationCreated) -> list[e.Event]:
    """Also before class. Raises SessionOver."""
    refuse_over(state)
    return [created]


def accept(state: SessionState, invitation_id: UUID, guest: UUID, now: datetime) -> list[e.Event]:
    """Who is in already stays in. Raises InvitationOver, SessionOver."""
    refuse_over(state)
    known = state.invitations[invitation_id]
    used_up = known.max_uses is not None and len(known.guests) >= known.max_uses
    if known.revoked or known.expires_at <= now:
        raise InvitationOver("This invitation is no longer good. Ask for a new one.")
    if guest in known.guests:
        return []
    if used_up:
        raise InvitationOver("This invitation has been used up. Ask for a new one.")
    return [e.InvitationAccepted(invitation_id=invitation_id, guest_id=guest)]


def revoke(
    state: SessionState, session_id: UUID, invitation_id: UUID, actor: UUID, *, remove_guests: bool
) -> list[e.Event]:
    """Revoking again may still remove who came by it."""
    known = state.invitations[invitation_id]
    revoked = e.InvitationRevoked(invitation_id=invitation_id, revoked_by=actor)
    removed = _removals(state, session_id, known.guests, actor) if remove_guests else []
    return [*([] if known.revoked else [revoked]), *removed]


def _removals(
    state: SessionState, session_id: UUID, guests: frozenset[UUID], actor: UUID
) -> list[e.Event]:
    found = [state.participants.get(participant_id(session_id, guest)) for guest in guests]
    events: list[e.Event] = []
    for person in found:
        if person is not None and not person.removed:
            if person.hand_raised_at:
                events.append(e.HandLowered(participant_id=person.id, lowered_by=actor))
            events.append(e.ParticipantRemoved(participant_id=person.id, removed_by=actor))
    return events
