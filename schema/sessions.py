"""Sessions: bodies of /api/sessions and its start, join and end."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from schema.auth import RoleName
from schema.base import Command, Wire
from schema.courses import Title
from schema.people import Permissions

SessionStatus = Literal["scheduled", "live", "ended", "cancelled"]


class CreateSession(Command, frozen=True):
    lesson_id: UUID
    scheduled_start: datetime
    scheduled_end: datetime
    title: Title | None = None


class UpdateSession(Command, frozen=True):
    """What is absent or null stays as it is."""

    title: Title | None = None
    scheduled_start: datetime | None = None
    scheduled_end: datetime | None = None


class SessionCommand(Command, frozen=True):
    """Body of start, join, end and cancel."""

    session_id: UUID


class Session(Wire, frozen=True):
    id: UUID
    lesson_id: UUID
    title: str
    scheduled_start: datetime
    scheduled_end: datetime
    status: SessionStatus


class Participant(Wire, frozen=True):
    """`id` is also the LiveKit identity."""

    id: UUID
    user_id: UUID
    name: str
    role: RoleName


class Seat(Wire, frozen=True):
    """What start and join decide; it holds no secret, so that it can be kept for a repeated request."""

    session: Session
    participant: Participant


class LiveKitAccess(Wire, frozen=True):
    """`url` is the ws address that a browser uses; `token` is short-lived and never stored."""

    url: str
    token: str
    room: str


class JoinReply(Wire, frozen=True):
    session: Session
    participant: Participant
    permissions: Permissions
    livekit: LiveKitAccess


class EndReply(Wire, frozen=True):
    session: Session


class CancelReply(Wire, frozen=True):
    session: Session
