"""What somebody in class may write, who may take it away again, and how the chat is kept: pure decisions on the folded state."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from orchestrator.auth.domain import MODERATORS, STAFF
from orchestrator.sessions.domain import member, refuse_over
from orchestrator.state.audience import ChatState, QuestionState
from orchestrator.state.people import ParticipantState
from orchestrator.state.session import SessionState
from schema import events as e
from schema.audience import Emoji, SetChatRules
from schema.auth import RoleName
from schema.errors import (
    ChatClosed,
    Forbidden,
    InvalidField,
    MessageFiltered,
    Muted,
    NotFound,
    QuestionClosed,
    SlowMode,
    TooManyPins,
)

MAX_CHARS = 2000
MAX_PINS = 3
MAX_SLOW_MODE_S = 600

# Whether the sealed word filter refuses a text.
Refuses = Callable[[str, str], bool]


def send(
    state: SessionState,
    writer: ParticipantState,
    message_id: UUID,
    content: str,
    now: datetime,
    refuses: Refuses,
) -> list[e.Event]:
    """Raises ChatClosed, Muted, MessageFiltered, SlowMode."""
    _may_chat(state.chat, writer, content, refuses)
    _not_too_soon(state.chat, writer, now)
    return [
        e.ChatSent(
            message_id=message_id,
            participant_id=writer.id,
            user_id=writer.user_id,
            content=content,
        )
    ]


def edit(
    state: SessionState,
    writer: ParticipantState,
    message_id: UUID,
    author: UUID,
    old: str,
    new: str,
    refuses: Refuses,
) -> list[e.Event]:
    """Raises Forbidden for another's message, ChatClosed, Muted, MessageFiltered."""
    if writer.user_id != author:
        raise Forbidden("Only who wrote a message may change it.")
    _may_chat(state.chat, writer, new, refuses)
    return [] if old == new else [e.ChatEdited(message_id=message_id, content=new)]


def delete(
    state: SessionState,
    session_id: UUID,
    role: RoleName,
    user_id: UUID,
    message_id: UUID,
    author: UUID,
) -> list[e.Event]:
    """`role` is the one in the course. Raises SessionNotLive, SessionOver, Forbidden."""
    if role not in STAFF:
        writer = member(state, session_id, user_id)
        if user_id != author and writer.role not in MODERATORS:
            raise Forbidden("Only who wrote a message, or staff, may delete it.")
    return [e.ChatDeleted(message_id=message_id, deleted_by=user_id)]


def pin(state: SessionState, writer: ParticipantState, message_id: UUID) -> list[e.Event]:
    """What is pinned stays so. Raises Forbidden, TooManyPins."""
    _moderates(writer, "pin a message")
    if message_id in state.chat.pins:
        return []
    if len(state.chat.pins) >= MAX_PINS:
        raise TooManyPins(f"At most {MAX_PINS} messages are pinned; take one off first.")
    return [e.ChatPinned(message_id=message_id, pinned_by=writer.user_id)]


def unpin(state: SessionState, writer: ParticipantState, message_id: UUID) -> list[e.Event]:
    """Raises Forbidden."""
    _moderates(writer, "take off a pin")
    if message_id not in state.chat.pins:
        return []
    return [e.ChatUnpinned(message_id=message_id, unpinned_by=writer.user_id)]


def react(
    writer: ParticipantState, message_id: UUID, emoji: Emoji, *, there: bool
) -> list[e.Event]:
    """Makes one's reaction be there; `there` says whether it is."""
    if there:
        return []
    return [
        e.ChatReacted(
            message_id=message_id,
            participant_id=writer.id,
            user_id=writer.user_id,
            emoji=emoji,
        )
    ]


def take_back(
    writer: ParticipantState, message_id: UUID, emoji: Emoji, *, there: bool
) -> list[e.Event]:
    """As `react`, the other way."""
    if not there:
        return []
    return [
        e.ChatReactionWithdrawn(
            message_id=message_id,
            participant_id=writer.id,
            user_id=writer.user_id,
            emoji=emoji,
        )
    ]


def set_rules(
    state: SessionState, user_id: UUID, command: SetChatRules, sealed_words: str
) -> list[e.Event]:
    """Also before class. Raises SessionOver, InvalidField."""
    refuse_over(state)
    if not 0 <= command.slow_mode_s <= MAX_SLOW_MODE_S:
        raise InvalidField("slowModeS", f"Give 0 to {MAX_SLOW_MODE_S} seconds.")
    return [
        e.ChatRulesChanged(
            changed_by=user_id,
            open=command.open,
            slow_mode_s=command.slow_mode_s,
            sealed_words=sealed_words,
        )
    ]


def mute(state: SessionState, writer: ParticipantState, participant_id: UUID) -> list[e.Event]:
    """Raises Forbidden, NotFound."""
    _moderates(writer, "mute somebody")
    person = _person(state, participant_id)
    if person.role in MODERATORS:
        raise Forbidden("Only students can be muted.")
    if participant_id in state.chat.muted:
        return []
    return [e.ChatMuted(participant_id=participant_id, muted_by=writer.user_id)]


def unmute(state: SessionState, writer: ParticipantState, participant_id: UUID) -> list[e.Event]:
    """Raises Forbidden, NotFound."""
    _moderates(writer, "let somebody write again")
    _person(state, participant_id)
    if participant_id not in state.chat.muted:
        return []
    return [e.ChatUnmuted(participant_id=participant_id, unmuted_by=writer.user_id)]


def ask(
    state: SessionState,
    writer: ParticipantState,
    question_id: UUID,
    content: str,
    refuses: Refuses,
) -> list[e.Event]:
    """Raises Muted, MessageFiltered."""
    _may_write(state.chat, writer, content, refuses)
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
    _moderates(writer, "answer or dismiss a question")
    _open(state, question_id)
    return [e.QuestionAnswered(question_id=question_id, answered_by=writer.user_id, answer=text)]


def dismiss(state: SessionState, writer: ParticipantState, question_id: UUID) -> list[e.Event]:
    """Raises Forbidden, QuestionClosed."""
    _moderates(writer, "answer or dismiss a question")
    _open(state, question_id)
    return [e.QuestionDismissed(question_id=question_id, dismissed_by=writer.user_id)]


def _moderates(writer: ParticipantState, what: str) -> None:
    if writer.role not in MODERATORS:
        raise Forbidden(f"Only staff may {what}.")


def _may_chat(chat: ChatState, writer: ParticipantState, text: str, refuses: Refuses) -> None:
    if not chat.open and writer.role not in MODERATORS:
        raise ChatClosed("The chat is closed for students at the moment.")
    _may_write(chat, writer, text, refuses)


def _may_write(chat: ChatState, writer: ParticipantState, text: str, refuses: Refuses) -> None:
    if writer.role in MODERATORS:
        return
    if writer.id in chat.muted:
        raise Muted("You cannot write at the moment; ask the teacher.")
    if chat.words and refuses(chat.words, text):
        raise MessageFiltered("This text holds a word that is not used in this class.")


def _not_too_soon(chat: ChatState, writer: ParticipantState, now: datetime) -> None:
    last = chat.last_sent.get(writer.id)
    if last is None or writer.role in MODERATORS:
        return
    left = last + timedelta(seconds=chat.slow_mode_s) - now
    if left > timedelta():
        raise SlowMode(math.ceil(left.total_seconds()))


def _person(state: SessionState, participant_id: UUID) -> ParticipantState:
    person = state.participants.get(participant_id)
    if person is None:
        raise NotFound("There is nobody like this in class.")
    return person


def _open(state: SessionState, question_id: UUID) -> QuestionState:
    question = state.questions.get(question_id)
    if question is None:
        raise QuestionClosed("This question is answered or dismissed already.")
    return question
