"""Keeping order in class: who may speak, hands, the door; bodies of /api/sessions/{id}/participants, hand, lock and rules."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from schema.auth import RoleName
from schema.base import Command, Wire

# What somebody can send into the room. The sound of a shared screen goes with the screen.
Source = Literal["camera", "microphone", "screen_share"]
MutableSource = Literal["camera", "microphone"]


class Permissions(msgspec.Struct, frozen=True, rename="camel"):
    """`publish` is what one may send into the room, `draw` the right to write on the whiteboard."""

    publish: tuple[Source, ...]
    draw: bool


class ChangePermissions(Command, frozen=True):
    """What is absent or null stays as it is; an empty `publish` takes the right to speak back."""

    publish: tuple[Source, ...] | None = None
    draw: bool | None = None


class ChangeRules(Command, frozen=True):
    """Whether students may speak without being asked; it holds at once for all who are in the class."""

    students_may_publish: bool


class Rules(Wire, frozen=True):
    students_may_publish: bool
    locked: bool


class Mute(Command, frozen=True):
    source: MutableSource = "microphone"


class Muted(Wire, frozen=True):
    """Participants whose track was open and is muted now."""

    participant_ids: list[UUID]


class ClassMember(Wire, frozen=True):
    """Where somebody stands in the class; `hand_raised_at` is null while the hand is down."""

    id: UUID
    user_id: UUID
    name: str
    role: RoleName
    permissions: Permissions
    hand_raised_at: datetime | None
    removed: bool


class Stay(Wire, frozen=True):
    """Without a break, on however many devices; one that goes on ends now."""

    start: datetime
    end: datetime


class Attendee(Wire, frozen=True):
    """`here` says that they are in the room now; who joined but was never in the room has no stays."""

    participant_id: UUID
    user_id: UUID
    name: str
    role: RoleName
    guest: bool
    here: bool
    present_ms: int
    stays: list[Stay]


class Absentee(Wire, frozen=True):
    """Enrolled as a student, and never came."""

    user_id: UUID
    name: str


class Attendance(Wire, frozen=True):
    """In the order in which people first joined."""

    started_at: datetime | None
    ended_at: datetime | None
    items: list[Attendee]
    absent: list[Absentee]
