"""What somebody in class may write, and who may take it away again: pure decisions on the folded state."""

from uuid import UUID

from orchestrator.state.audience import QuestionState
from orchestrator.state.people import ParticipantState
from orchestrator.state.session import SessionState
from schema import events as e
from schema.auth import RoleName
from schema.errors import Forbidden, InvalidField, QuestionClosed

MAX_CHARS = 2000
# Roles as a class knows them: an admin is an assistant there.
MODERATORS: frozenset[RoleName] = frozenset({"teacher", "assistant"})


def clean(text: str, field: str = "content") -> str:
    """Trimmed. Raises InvalidField."""
    trimmed = text.strip()
    if not 1 <= len(trimmed) <= MAX_CHARS:
        raise InvalidField(field, f"Write between 1 and {MAX_CHARS} characters.")
    # PostgreSQL keeps no NUL, neither in text nor in JSON.
    if "\0" in trimmed:
        raise InvalidField(field, "This text holds a character that cannot be kept.")
    return trimmed


def send(writer: ParticipantState, message_id: UUID, content: str) -> list[e.Event]:
    return [
        e.ChatSent(
            message_id=message_id,
            participant_id=writer.id,
            user_id=writer.user_id,
            content=content,
        )
    ]


def edit(
    writer: ParticipantState, message_id: UUID, author: UUID, old: str, new: str
) -> list[e.Event]:
    """Raises Forbidden for another's message."""
    if writer.user_id != author:
        raise Forbidden("Only who wrote a message may change it.")
    return [] if old == new else [e.ChatEdited(message_id=message_id, content=new)]


def delete(writer: ParticipantState, message_id: UUID, author: UUID) -> list[e.Event]:
    """Raises Forbidden for a student and another's message."""
    if writer.user_id != author and writer.role not in MODERATORS:
        raise Forbidden("Only who wrote a message, or staff, may delete it.")
    return [e.ChatDeleted(message_id=message_id, deleted_by=writer.user_id)]


def ask(writer: ParticipantState, question_id: UUID, content: str) -> list[e.Event]:
    return [
        e.QuestionAsked(
            question_id=question_id,
            participant_id=writer.id,
            user_id=writer.user_id,
            content=content,
        )
    ]


def upvote(state: SessionState, writer: ParticipantState, question_id: UUID) -> list[e.Event]:
    """A second vote of the same person changes nothing. Raises QuestionClosed."""
    if writer.user_id in _open(state, question_id).voters:
        return []
    return [
        e.QuestionUpvoted(question_id=question_id, participant_id=writer.id, user_id=writer.user_id)
    ]


def withdraw(state: SessionState, writer: ParticipantState, question_id: UUID) -> list[e.Event]:
    """Taking back what was never given changes nothing. Raises QuestionClosed."""
    if writer.user_id not in _open(state, question_id).voters:
        return []
    return [
        e.QuestionUpvoteWithdrawn(
            question_id=question_id, participant_id=writer.id, user_id=writer.user_id
        )
    ]


def answer(
    state: SessionState, writer: ParticipantState, question_id: UUID, text: str | None
) -> list[e.Event]:
    """Raises Forbidden, QuestionClosed."""
    _moderates(writer)
    _open(state, question_id)
    return [e.QuestionAnswered(question_id=question_id, answered_by=writer.user_id, answer=text)]


def dismiss(state: SessionState, writer: ParticipantState, question_id: UUID) -> list[e.Event]:
    """Raises Forbidden, QuestionClosed."""
    _moderates(writer)
    _open(state, question_id)
    return [e.QuestionDismissed(question_id=question_id, dismissed_by=writer.user_id)]


def _moderates(writer: ParticipantState) -> None:
    if writer.role not in MODERATORS:
        raise Forbidden("Only staff may answer or dismiss a question.")


def _open(state: SessionState, question_id: UUID) -> QuestionState:
    question = state.questions.get(question_id)
    if question is None:
        raise QuestionClosed("This question is answered or dismissed already.")
    return question
