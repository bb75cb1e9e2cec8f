"""What the class is asked, and what came of it so far."""

from collections.abc import Collection
from uuid import UUID

import msgspec
from msgspec.structs import replace

from schema import events as e
from schema.polls import PollQuestion, PollStatus

Choices = tuple[int, ...]


class PollState(msgspec.Struct, frozen=True):
    """`sealed` is the draft; `answers` are by respondent, as choices or as their seal: both only until it closes.

    `tally` is null as long as nobody but the server can count.
    """

    status: PollStatus = "draft"
    sealed: str = ""
    question: PollQuestion | None = None
    answers: dict[str, Choices | str] = {}
    responses: int = 0
    tally: Choices | None = None


Polls = dict[UUID, PollState]


def evolve(polls: Polls, event: e.StoredEvent) -> Polls:
    match event.payload:
        case e.PollCreated(poll_id=key, sealed=sealed):
            return {**polls, key: PollState(sealed=sealed)}
        case e.PollDeleted(poll_id=key):
            return _without(polls, key)
        case e.PollOpened(poll_id=key) if key in polls:
            # Those that are open stand in the order in which they were opened.
            return {**_without(polls, key), key: _changed(polls[key], event.payload)}
        case (
            e.PollEdited(poll_id=key) | e.PollAnswered(poll_id=key) | e.PollClosed(poll_id=key)
        ) if key in polls:
            return {**polls, key: _changed(polls[key], event.payload)}
        case _:
            return polls


def _without(polls: Polls, key: UUID) -> Polls:
    return {other: poll for other, poll in polls.items() if other != key}


def _changed(poll: PollState, event: e.Event) -> PollState:
    match event:
        case e.PollEdited(sealed=sealed):
            return replace(poll, sealed=sealed)
        case e.PollOpened(question=question):
            return _opened(poll, question)
        case e.PollAnswered() as answered:
            return _answered(poll, answered)
        case e.PollClosed(tally=tally):
            return PollState(status="closed", responses=poll.responses, tally=tuple(tally))
        case _:
            return poll


def _opened(poll: PollState, question: PollQuestion) -> PollState:
    none = (0,) * len(question.options)
    return replace(
        poll,
        status="open",
        question=question,
        tally=none if question.results == "live" else None,
    )


def _answered(poll: PollState, answered: e.PollAnswered) -> PollState:
    now = tuple(answered.choices or ())
    answers = {**poll.answers, answered.respondent: answered.sealed or now}
    tally = None if poll.tally is None else _moved(poll.tally, answered.replaced or (), now)
    return replace(poll, answers=answers, responses=len(answers), tally=tally)


def _moved(tally: Choices, before: Collection[int], now: Choices) -> Choices:
    return tuple(count - (option in before) + (option in now) for option, count in enumerate(tally))
