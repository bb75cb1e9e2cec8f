"""Polls and quizzes. Everybody in class reads the log, so what is not for everybody yet is sealed in it.

See docs/adr/0015-what-the-log-tells-of-the-audience.md.
"""

from uuid import UUID

from schema.log.base import Payload
from schema.polls import PollQuestion


class PollCreated(Payload, frozen=True, tag="poll.created"):
    """`sealed` is the draft, for the server alone."""

    poll_id: UUID
    created_by: UUID
    sealed: str


class PollEdited(Payload, frozen=True, tag="poll.edited"):
    poll_id: UUID
    edited_by: UUID
    sealed: str


class PollOpened(Payload, frozen=True, tag="poll.opened"):
    poll_id: UUID
    opened_by: UUID
    question: PollQuestion


class PollAnswered(Payload, frozen=True, tag="poll.answered"):
    """`respondent` is the same for all answers of one person to this poll, and tells nobody who it is.

    `sealed` stands for `choices` where results are shown only after the poll has closed. `replaced` is null for a first
    answer, else what it takes the place of (nothing is told where that was sealed).
    """

    poll_id: UUID
    respondent: str
    choices: list[int] | None = None
    sealed: str | None = None
    replaced: list[int] | None = None


class PollClosed(Payload, frozen=True, tag="poll.closed"):
    """`tally` is one count an option; `correct` is empty for a poll that is no quiz."""

    poll_id: UUID
    closed_by: UUID
    tally: list[int]
    correct: list[int]


class PollDeleted(Payload, frozen=True, tag="poll.deleted"):
    """Only a draft is ever deleted."""

    poll_id: UUID
    deleted_by: UUID


PollEvent = PollCreated | PollEdited | PollOpened | PollAnswered | PollClosed | PollDeleted
