"""From the state to what members may see of it: no voters, no connection ids, nothing of where the programme goes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from orchestrator.state.audience import ChatState, Questions
from orchestrator.state.people import ParticipantState, People
from orchestrator.state.polls import Polls
from orchestrator.state.session import SessionState
from schema.state import ChatView, PersonView, PollView, QuestionView, SessionView


def _people(people: People) -> list[PersonView]:
    return [_person(one) for one in people.values()]


def _questions(questions: Questions) -> list[QuestionView]:
    return [QuestionView(id=key, votes=len(one.voters)) for key, one in questions.items()]


def _chat(chat: ChatState) -> ChatView:
    return ChatView(
        open=chat.open,
        slow_mode_s=chat.slow_mode_s,
        muted=list(chat.muted),
        pins=list(chat.pins),
    )


def _polls(polls: Polls) -> list[PollView]:
    return [
        PollView(
            id=key,
            question=one.question,
            responses=one.responses,
            tally=None if one.tally is None else list(one.tally),
        )
        for key, one in polls.items()
        if one.question is not None
    ]


# A field of SessionView each.
PARTS: dict[str, Callable[[SessionState], Any]] = {
    "status": lambda state: state.status,
    "title": lambda state: state.title,
    "started_at": lambda state: state.started_at,
    "ended_at": lambda state: state.ended_at,
    "participants": lambda state: _people(state.participants),
    "questions": lambda state: _questions(state.questions),
    "chat": lambda state: _chat(state.chat),
    "polls": lambda state: _polls(state.polls),
}


def view(state: SessionState, sequence: int, at: datetime | None) -> SessionView:
    """`state` is the fold of the log up to `sequence`, which was written at `at`."""
    parts = {name: part(state) for name, part in PARTS.items()}
    return SessionView(sequence=sequence, at=at, **parts)


def _person(one: ParticipantState) -> PersonView:
    return PersonView(
        id=one.id,
        name=one.name,
        role=one.role,
        joined_at=one.joined_at,
        left_at=one.left_at,
        connections=len(one.sids),
    )
