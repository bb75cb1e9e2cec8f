"""What may be asked, when it may be answered, and how it is counted: pure decisions on the folded state.

What is sealed in the log is opened by functions that are handed in, so that decisions are made under the session's lock.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from msgspec.structs import asdict, replace

from orchestrator.sessions.domain import refuse_over, require_live
from orchestrator.state.polls import Choices, PollState
from orchestrator.state.session import SessionState
from schema import events as e
from schema.errors import (
    InvalidField,
    NotFound,
    PollAlreadyOpened,
    PollClosed,
    PollNotOpen,
    TooManyPolls,
)
from schema.polls import CreatePoll, EditPoll, PollDraft, PollQuestion
from schema.texts import clean

MAX_PROMPT_CHARS = 500
MAX_OPTION_CHARS = 200
MIN_OPTIONS, MAX_OPTIONS = 2, 10
# The state carries each of them.
MAX_POLLS = 100

OpenDraft = Callable[[str], PollDraft]
SealDraft = Callable[[PollDraft], str]
OpenAnswer = Callable[[str, str], Choices]
SealAnswer = Callable[[Choices], str]


def drafted(command: CreatePoll) -> PollDraft:
    """Raises InvalidField."""
    question = {name: getattr(command, name) for name in PollQuestion.__struct_fields__}
    return checked(PollDraft(question=PollQuestion(**question), correct=command.correct))


def changed(draft: PollDraft, command: EditPoll) -> PollDraft:
    """Raises InvalidField."""
    given = {name: value for name, value in asdict(command).items() if value is not None}
    given.pop("idempotency_key", None)
    correct = given.pop("correct", draft.correct)
    return checked(PollDraft(question=replace(draft.question, **given), correct=correct))


def checked(draft: PollDraft) -> PollDraft:
    """With trimmed texts. Raises InvalidField."""
    question = draft.question
    options = [clean(option, "options", MAX_OPTION_CHARS) for option in question.options]
    if not MIN_OPTIONS <= len(options) <= MAX_OPTIONS or len(set(options)) < len(options):
        raise InvalidField(
            "options", f"Give {MIN_OPTIONS} to {MAX_OPTIONS} options that differ from each other."
        )
    asked = replace(
        question, prompt=clean(question.prompt, "prompt", MAX_PROMPT_CHARS), options=options
    )
    return PollDraft(question=asked, correct=_correct(asked, draft.correct))


def create(state: SessionState, poll_id: UUID, user_id: UUID, sealed: str) -> list[e.Event]:
    """Raises SessionOver, TooManyPolls."""
    refuse_over(state)
    if len(state.polls) >= MAX_POLLS:
        raise TooManyPolls(f"A class has at most {MAX_POLLS} polls; delete a draft first.")
    return [e.PollCreated(poll_id=poll_id, created_by=user_id, sealed=sealed)]


def edit(
    state: SessionState, poll_id: UUID, user_id: UUID, change: Callable[[str], str]
) -> list[e.Event]:
    """Raises NotFound, PollAlreadyOpened, and what `change` raises."""
    sealed = change(_draft(state, poll_id).sealed)
    return [e.PollEdited(poll_id=poll_id, edited_by=user_id, sealed=sealed)]


def delete(state: SessionState, poll_id: UUID, user_id: UUID) -> list[e.Event]:
    """Raises NotFound, PollAlreadyOpened."""
    _draft(state, poll_id)
    return [e.PollDeleted(poll_id=poll_id, deleted_by=user_id)]


def open_poll(
    state: SessionState, poll_id: UUID, user_id: UUID, unseal: OpenDraft
) -> list[e.Event]:
    """Opening what is open changes nothing. Raises SessionNotLive, SessionOver, NotFound, PollClosed."""
    require_live(state)
    poll = _known(state, poll_id)
    if poll.status == "closed":
        raise PollClosed("This poll is closed; make a new one.")
    if poll.status == "open":
        return []
    question = unseal(poll.sealed).question
    return [e.PollOpened(poll_id=poll_id, opened_by=user_id, question=question)]


def close(
    state: SessionState, poll_id: UUID, user_id: UUID, unseal: OpenDraft, reveal: OpenAnswer
) -> list[e.Event]:
    """Also after class. Closing what is closed changes nothing. Raises NotFound, PollNotOpen."""
    poll = _known(state, poll_id)
    if poll.status == "closed":
        return []
    if poll.question is None:
        raise PollNotOpen("This poll has not been opened.")
    return [
        e.PollClosed(
            poll_id=poll_id,
            closed_by=user_id,
            tally=list(tally(poll, reveal)),
            correct=unseal(poll.sealed).correct,
        )
    ]


def answer(
    state: SessionState, poll_id: UUID, respondent: str, choices: list[int], seal: SealAnswer
) -> list[e.Event]:
    """Raises NotFound, PollClosed, PollNotOpen, InvalidField."""
    poll = _known(state, poll_id)
    if poll.status == "closed":
        raise PollClosed("This poll is closed.")
    if poll.question is None:
        raise PollNotOpen("This poll has not been opened.")
    chosen, before = _chosen(poll.question, choices), poll.answers.get(respondent)
    if before == chosen:
        return []
    secret = poll.question.results == "after_close"
    told = {"sealed": seal(chosen)} if secret else {"choices": list(chosen)}
    return [
        e.PollAnswered(poll_id=poll_id, respondent=respondent, replaced=_replaced(before), **told)
    ]


def answers(event: e.Event, poll_id: UUID, choices: list[int], reveal: OpenAnswer) -> bool:
    """Whether the event is this very answer: what the log has under a key tells a repeated request from another one."""
    if not isinstance(event, e.PollAnswered) or event.poll_id != poll_id:
        return False
    given = reveal(event.respondent, event.sealed) if event.sealed else event.choices
    return set(given or ()) == set(choices)


def _replaced(before: Choices | str | None) -> list[int] | None:
    if before is None:
        return None
    return [] if isinstance(before, str) else list(before)


def tally(poll: PollState, reveal: OpenAnswer) -> Choices:
    """One count an option, of an open poll also where the answers are sealed."""
    if poll.tally is not None or poll.question is None:
        return poll.tally or ()
    plain = [
        reveal(respondent, found) if isinstance(found, str) else found
        for respondent, found in poll.answers.items()
    ]
    return tuple(
        sum(option in choices for choices in plain) for option in range(len(poll.question.options))
    )


def _known(state: SessionState, poll_id: UUID) -> PollState:
    poll = state.polls.get(poll_id)
    if poll is None:
        raise NotFound("There is no such poll.")
    return poll


def _draft(state: SessionState, poll_id: UUID) -> PollState:
    poll = _known(state, poll_id)
    if poll.status != "draft":
        raise PollAlreadyOpened("Only a draft can be changed or deleted.")
    return poll


def _chosen(question: PollQuestion, choices: list[int]) -> Choices:
    chosen = _indices(question, choices, "choices")
    if len(chosen) != 1 and not (question.multiple and chosen):
        raise InvalidField("choices", "Choose one option." if not question.multiple else "Choose.")
    return chosen


def _correct(question: PollQuestion, correct: list[int]) -> list[int]:
    right = _indices(question, correct, "correct")
    if question.kind == "poll" and right:
        raise InvalidField("correct", "Only a quiz has correct options.")
    if question.kind == "quiz" and not right:
        raise InvalidField("correct", "Say which option of the quiz is correct.")
    if len(right) > 1 and not question.multiple:
        raise InvalidField("correct", "Several options are correct only where several are chosen.")
    return list(right)


def _indices(question: PollQuestion, given: Iterable[int], field: str) -> Choices:
    found = tuple(sorted(set(given)))
    if any(not 0 <= index < len(question.options) for index in found):
        raise InvalidField(field, "There is no such option.")
    return found
