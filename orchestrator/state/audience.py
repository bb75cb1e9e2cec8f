"""What is still open between the audience and the teacher, and how the chat is kept. No texts: no decision needs them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from schema import events as e


class QuestionState(msgspec.Struct, frozen=True):
    """A question still open; `voters` are users."""

    voters: frozenset[UUID] = frozenset()


class ChatState(msgspec.Struct, frozen=True):
    """`words` is the sealed filter, `muted` are participants, `pins` messages.

    `last_sent` is by participant, and known only while slow mode is on.
    """

    open: bool = True
    slow_mode_s: int = 0
    words: str = ""
    muted: tuple[UUID, ...] = ()
    pins: tuple[UUID, ...] = ()
    last_sent: dict[UUID, datetime] = {}


Questions = dict[UUID, QuestionState]


def evolve_questions(known: Questions, event: e.StoredEvent) -> Questions:
    """Only the open ones: a closed question takes no vote any more, so nothing has to be decided on it."""
    match event.payload:
        case e.QuestionAsked(question_id=key):
            return {**known, key: QuestionState()}
        case e.QuestionUpvoted(question_id=key, user_id=voter) if key in known:
            return {**known, key: QuestionState(known[key].voters | {voter})}
        case e.QuestionUpvoteWithdrawn(question_id=key, user_id=voter) if key in known:
            return {**known, key: QuestionState(known[key].voters - {voter})}
        case e.QuestionAnswered(question_id=key) | e.QuestionDismissed(question_id=key):
            return {other: question for other, question in known.items() if other != key}
        case _:
            return known


def evolve_chat(chat: ChatState, event: e.StoredEvent) -> ChatState:
    match event.payload:
        case e.ChatRulesChanged() as rules:
            return _ruled(chat, rules)
        case e.ChatMuted(participant_id=key):
            return replace(chat, muted=_with(chat.muted, key))
        case e.ChatUnmuted(participant_id=key):
            return replace(chat, muted=_without(chat.muted, key))
        case e.ChatSent(participant_id=key) if chat.slow_mode_s:
            return replace(chat, last_sent={**chat.last_sent, key: event.created_at})
        case _:
            return _pinned(chat, event.payload)


def _pinned(chat: ChatState, event: e.Event) -> ChatState:
    match event:
        case e.ChatPinned(message_id=key):
            return replace(chat, pins=_with(chat.pins, key))
        case e.ChatUnpinned(message_id=key) | e.ChatDeleted(message_id=key) if key in chat.pins:
            return replace(chat, pins=_without(chat.pins, key))
        case _:
            return chat


def _ruled(chat: ChatState, rules: e.ChatRulesChanged) -> ChatState:
    return replace(
        chat,
        open=rules.open,
        slow_mode_s=rules.slow_mode_s,
        words=rules.sealed_words,
        last_sent=chat.last_sent if rules.slow_mode_s else {},
    )


def _with(keys: tuple[UUID, ...], key: UUID) -> tuple[UUID, ...]:
    return (*_without(keys, key), key)


def _without(keys: tuple[UUID, ...], key: UUID) -> tuple[UUID, ...]:
    return tuple(other for other in keys if other != key)


def without_text(event: e.StoredEvent, gone: Collection[UUID]) -> e.StoredEvent:
    """The same event, or without its text when it is of a message that is `gone`."""
    match event.payload:
        case e.ChatSent(message_id=key) | e.ChatEdited(message_id=key) if key in gone:
            return replace(event, payload=replace(event.payload, content=""))
        case _:
            return event
