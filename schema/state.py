"""What the members of a class may know of its state: the answer of /api/sessions/{id}/state, at any place of its log.

The web client folds the log into the same shape (web/src/sessions/state); both are held to tests/data/folds.
"""

from datetime import datetime
from uuid import UUID

from schema.auth import RoleName
from schema.base import Wire
from schema.polls import PollQuestion
from schema.sessions import SessionStatus


class PersonView(Wire, frozen=True):
    """Somebody who is or was in the class; `connections` counts the devices that are in the room now."""

    id: UUID
    name: str
    role: RoleName
    joined_at: datetime
    left_at: datetime | None
    connections: int


class QuestionView(Wire, frozen=True):
    """A question still open; its text is in the list of questions."""

    id: UUID
    votes: int


class ChatView(Wire, frozen=True):
    """The rules of the chat; `muted` are participants, `pins` messages, the latest last."""

    open: bool
    slow_mode_s: int
    muted: list[UUID]
    pins: list[UUID]


class PollView(Wire, frozen=True):
    """A poll that is open; `tally` is null where it is shown only after the poll has closed."""

    id: UUID
    question: PollQuestion
    responses: int
    tally: list[int] | None


class SessionView(Wire, frozen=True):
    """`at` is when event number `sequence` was written, the last one that counts here; null before the first."""

    sequence: int
    at: datetime | None
    status: SessionStatus
    title: str
    started_at: datetime | None
    ended_at: datetime | None
    participants: list[PersonView]
    questions: list[QuestionView]
    polls: list[PollView]
    chat: ChatView
