"""A session begins, ends, and people come and go."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from schema.auth import RoleName
from schema.log.base import Payload
from schema.people import Permissions


class SessionScheduled(Payload, frozen=True, tag="session.scheduled"):
    lesson_id: UUID
    title: str
    scheduled_start: datetime
    scheduled_end: datetime


class SessionRescheduled(Payload, frozen=True, tag="session.rescheduled"):
    scheduled_start: datetime
    scheduled_end: datetime
    rescheduled_by: UUID


class SessionEdited(Payload, frozen=True, tag="session.edited"):
    title: str
    edited_by: UUID


class SessionCancelled(Payload, frozen=True, tag="session.cancelled"):
    """It will not take place; there is no way back."""

    cancelled_by: UUID


class SessionStarted(Payload, frozen=True, tag="session.started"):
    room: str
    started_by: UUID


class SessionEnded(Payload, frozen=True, tag="session.ended"):
    """`ended_by` is null when the room ended without a command (`reason` says which)."""

    reason: Literal["command", "room_finished"]
    ended_by: UUID | None = None


class ParticipantJoined(Payload, frozen=True, tag="participant.joined"):
    """Written by the join API: the right to enter was given. Without `permissions`, those of the role."""

    participant_id: UUID
    user_id: UUID
    name: str
    role: RoleName
    permissions: Permissions | None = None
    guest: bool = False


class ParticipantConnected(Payload, frozen=True, tag="participant.connected"):
    """Written from LiveKit's word: media is up. Keyed by `sid`."""

    participant_id: UUID
    sid: str


class ParticipantLeft(Payload, frozen=True, tag="participant.left"):
    participant_id: UUID
    sid: str


SessionEvent = (
    SessionScheduled
    | SessionRescheduled
    | SessionEdited
    | SessionCancelled
    | SessionStarted
    | SessionEnded
    | ParticipantJoined
    | ParticipantConnected
    | ParticipantLeft
)
