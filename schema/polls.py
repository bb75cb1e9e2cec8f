"""Polls and quizzes of a session: bodies of /api/polls. A choice is the index of an option, from 0.

Limits on texts and options are in orchestrator.polls.domain.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from schema.base import Command, Wire

PollKind = Literal["poll", "quiz"]
PollStatus = Literal["draft", "open", "closed"]
# When students see the tally; staff always see it.
PollResults = Literal["live", "after_close"]


class PollQuestion(Wire, frozen=True):
    prompt: str
    options: list[str]
    kind: PollKind = "poll"
    anonymous: bool = False
    multiple: bool = False
    results: PollResults = "live"


class PollDraft(Wire, frozen=True):
    """What staff prepare; `correct` is empty for a poll that is no quiz."""

    question: PollQuestion
    correct: list[int] = msgspec.field(default_factory=list)


class CreatePoll(Command, frozen=True):
    session_id: UUID
    prompt: str
    options: list[str]
    kind: PollKind = "poll"
    anonymous: bool = False
    multiple: bool = False
    results: PollResults = "live"
    correct: list[int] = msgspec.field(default_factory=list)


class EditPoll(Command, frozen=True):
    """What is absent or null stays as it is."""

    prompt: str | None = None
    options: list[str] | None = None
    kind: PollKind | None = None
    anonymous: bool | None = None
    multiple: bool | None = None
    results: PollResults | None = None
    correct: list[int] | None = None


class AnswerPoll(Command, frozen=True):
    """Replaces one's earlier answer while the poll is open."""

    choices: list[int]


class Poll(Wire, frozen=True):
    """As its reader may see it: `tally` (one count an option) and `correct` are null as long as they are secret.

    `mine` are the reader's own choices; `sequence` its place in the session's log, and the cursor of the list.
    """

    id: UUID
    session_id: UUID
    status: PollStatus
    prompt: str
    options: list[str]
    kind: PollKind
    anonymous: bool
    multiple: bool
    results: PollResults
    responses: int
    sequence: int
    created_at: datetime
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    tally: list[int] | None = None
    correct: list[int] | None = None
    mine: list[int] | None = None
