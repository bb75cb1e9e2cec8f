"""What the audience wrote, as one reader of the tenant sees it, and what nobody may read any more."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orchestrator.audience.tables import (
    chat_messages,
    chat_reactions,
    question_upvotes,
    questions,
)
from orchestrator.auth.domain import Principal
from orchestrator.core.database import Transaction
from orchestrator.sessions.history.paging import Span
from orchestrator.sessions.tables import session_participants as people
from orchestrator.state.audience import without_text
from schema.audience import ChatMessage, Emoji, Question, Reaction
from schema.errors import NotFound
from schema.events import ChatEdited, ChatSent, StoredEvent

COMMON = ("id", "session_id", "user_id", "content", "sequence", "created_at")


async def messages(
    tx: Transaction, principal: Principal, session_id: UUID, span: Span, *, pinned: bool
) -> list[ChatMessage]:
    """Oldest first; all of them, or the `pinned`."""
    wanted = _messages(principal).where(chat_messages.c.session_id == session_id)
    if pinned:
        wanted = wanted.where(chat_messages.c.pinned)
    rows = await span.rows(tx, wanted, chat_messages.c.sequence)
    return await _with_reactions(tx, principal, rows)


async def message(tx: Transaction, principal: Principal, message_id: UUID) -> ChatMessage:
    """Raises NotFound, also for a deleted one."""
    wanted = _messages(principal).where(chat_messages.c.id == message_id)
    rows = list((await tx.execute(wanted)).mappings())
    found = await _with_reactions(tx, principal, rows)
    if not found:
        raise NotFound("There is no such message.")
    return found[0]


def fresh(event: StoredEvent, sent: ChatSent, name: str) -> ChatMessage:
    """A message as everybody sees it in its first moment."""
    return ChatMessage(
        id=sent.message_id,
        session_id=event.session_id,
        user_id=sent.user_id,
        participant_id=sent.participant_id,
        name=name,
        content=sent.content,
        sequence=event.sequence,
        created_at=event.created_at,
        pinned=False,
        reactions=[],
    )


async def reacted(tx: Transaction, principal: Principal, message_id: UUID, emoji: Emoji) -> bool:
    """Whether the reader's own reaction is there."""
    found = sa.exists().where(
        chat_reactions.c.message_id == message_id,
        chat_reactions.c.user_id == principal.user_id,
        chat_reactions.c.emoji == emoji,
    )
    return bool(await tx.scalar(sa.select(found)))


async def redacted(tx: Transaction, events: Sequence[StoredEvent]) -> list[StoredEvent]:
    """The same events, without the texts of messages deleted since: those have no row any more."""
    texts = {
        event.payload.message_id
        for event in events
        if isinstance(event.payload, ChatSent | ChatEdited)
    }
    if not texts:
        return list(events)
    found = await tx.execute(sa.select(chat_messages.c.id).where(chat_messages.c.id.in_(texts)))
    gone = texts - set(found.scalars())
    return [without_text(event, gone) for event in events]


async def asked(
    tx: Transaction, principal: Principal, session_id: UUID, span: Span
) -> list[Question]:
    """Oldest first."""
    wanted = _questions(principal).where(questions.c.session_id == session_id)
    return [Question(**row) for row in await span.rows(tx, wanted, questions.c.sequence)]


async def most_wanted(
    tx: Transaction, principal: Principal, session_id: UUID, after: Question | None, limit: int
) -> list[Question]:
    """Open ones first, those with most votes in front, then as they were asked; `after` is the last one already seen."""
    rank = (questions.c.status != "open", -questions.c.upvotes, questions.c.sequence)
    wanted = _questions(principal).where(questions.c.session_id == session_id)
    if after is not None:
        place = (after.status != "open", -after.upvotes, after.sequence)
        wanted = wanted.where(sa.tuple_(*rank) > sa.tuple_(*map(sa.literal, place)))
    found = await tx.execute(wanted.order_by(*rank).limit(limit))
    return [Question(**row) for row in found.mappings()]


async def question(tx: Transaction, principal: Principal, question_id: UUID) -> Question:
    """Raises NotFound."""
    found = await tx.execute(_questions(principal).where(questions.c.id == question_id))
    row = found.mappings().first()
    if row is None:
        raise NotFound("There is no such question.")
    return Question(**row)


async def _with_reactions(
    tx: Transaction, principal: Principal, rows: Sequence[sa.RowMapping]
) -> list[ChatMessage]:
    mine = sa.func.bool_or(chat_reactions.c.user_id == principal.user_id).label("mine")
    ids = [row["id"] for row in rows]
    counted = await tx.execute(
        sa.select(
            chat_reactions.c.message_id,
            chat_reactions.c.emoji,
            sa.func.count().label("count"),
            mine,
        )
        .where(chat_reactions.c.message_id.in_(ids))
        .group_by(chat_reactions.c.message_id, chat_reactions.c.emoji)
        .order_by(chat_reactions.c.emoji)
    )
    reactions: dict[UUID, list[Reaction]] = {}
    for row in counted.mappings():
        reaction = Reaction(emoji=row["emoji"], count=row["count"], mine=row["mine"])
        reactions.setdefault(row["message_id"], []).append(reaction)
    return [ChatMessage(**row, reactions=reactions.get(row["id"], [])) for row in rows]


def _messages(principal: Principal) -> sa.Select[Any]:
    more = (chat_messages.c.edited_at, chat_messages.c.pinned)
    return _by_people(chat_messages, principal).add_columns(*more)


def _questions(principal: Principal) -> sa.Select[Any]:
    own = sa.exists().where(
        question_upvotes.c.question_id == questions.c.id,
        question_upvotes.c.user_id == principal.user_id,
    )
    more = (questions.c.status, questions.c.upvotes, questions.c.answer)
    return _by_people(questions, principal).add_columns(*more, own.label("upvoted"))


def _by_people(table: sa.Table, principal: Principal) -> sa.Select[Any]:
    """With the name under which the author joined."""
    author = (people.c.session_id == table.c.session_id) & (people.c.user_id == table.c.user_id)
    return (
        sa.select(
            *(table.c[name] for name in COMMON), people.c.name, people.c.id.label("participant_id")
        )
        .join(people, author)
        .where(table.c.tenant_id == principal.tenant_id)
    )
