"""Chat and questions of a session: bodies of /api/chat and /api/questions.

A text is trimmed and then has 1 to 2000 characters (orchestrator.audience.domain).
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from schema.base import Command, Wire

QuestionStatus = Literal["open", "answered", "dismissed"]
# Words, not signs: they stand in addresses.
Emoji = Literal["thumbs_up", "heart", "laugh", "surprised", "celebrate", "thinking"]


class SendChat(Command, frozen=True):
    session_id: UUID
    content: str


class EditChat(Command, frozen=True):
    content: str


class Reaction(Wire, frozen=True):
    """`mine` says whether the reader's own is among the `count`."""

    emoji: Emoji
    count: int
    mine: bool


class ChatMessage(Wire, frozen=True):
    """`sequence` is its place in the session's log, and the cursor of the list."""

    id: UUID
    session_id: UUID
    user_id: UUID
    participant_id: UUID
    name: str
    content: str
    sequence: int
    created_at: datetime
    pinned: bool
    reactions: list[Reaction]
    edited_at: datetime | None = None


class SetChatRules(Command, frozen=True):
    """Replaces all rules. `words` are refused in what students write, as whole words, in any case and with any accents."""

    open: bool = True
    slow_mode_s: int = 0
    words: list[str] = msgspec.field(default_factory=list)


class ChatRules(Wire, frozen=True):
    """`muted` are participants; `words` is null for students."""

    open: bool
    slow_mode_s: int
    muted: list[UUID]
    words: list[str] | None = None


class Mute(Command, frozen=True):
    participant_id: UUID


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
    participant_id: UUID
    name: str
    content: str
    sequence: int
    created_at: datetime
    status: QuestionStatus
    upvotes: int
    upvoted: bool
    answer: str | None = None
