"""Chat and questions of a session: bodies of /api/chat and /api/questions.

A text is trimmed and then has 1 to 2000 characters (orchestrator.audience.domain).
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from schema.base import Command, Wire

QuestionStatus = Literal["open", "answered", "dismissed"]


class SendChat(Command, frozen=True):
    session_id: UUID
    content: str


class EditChat(Command, frozen=True):
    content: str


class ChatMessage(Wire, frozen=True):
    """`sequence` is its place in the session's log, and the cursor of the list."""

    id: UUID
    session_id: UUID
    user_id: UUID
    name: str
    content: str
    sequence: int
    created_at: datetime
    edited_at: datetime | None = None


class AskQuestion(Command, frozen=True):
    session_id: UUID
    content: str


class AnswerQuestion(Command, frozen=True):
    """Without `answer` it was answered by word of mouth."""

    answer: str | None = None


class Question(Wire, frozen=True):
    """`upvoted` says whether the reader's own vote is among the `upvotes`."""

    id: UUID
    session_id: UUID
    user_id: UUID
    name: str
    content: str
    sequence: int
    created_at: datetime
    status: QuestionStatus
    upvotes: int
    upvoted: bool
    answer: str | None = None
