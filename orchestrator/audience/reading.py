"""What the audience wrote, as one reader of the tenant sees it."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orchestrator.audience.tables import chat_messages, question_upvotes, questions
from orchestrator.auth.domain import Principal
from orchestrator.core.database import Transaction
from orchestrator.sessions.tables import session_participants as people
from schema.audience import ChatMessage, Question
from schema.errors import NotFound

COMMON = ("id", "session_id", "user_id", "content", "sequence", "created_at")


async def messages(
    tx: Transaction, principal: Principal, session_id: UUID, after: int, limit: int
) -> list[ChatMessage]:
    """Oldest first; `after` is the sequence of the last one already seen."""
    wanted = _messages(principal).where(chat_messages.c.session_id == session_id)
    wanted = wanted.where(chat_messages.c.sequence > after).order_by(chat_messages.c.sequence)
    found = await tx.execute(wanted.limit(limit))
    return [ChatMessage(**row) for row in found.mappings()]


async def message(tx: Transaction, principal: Principal, message_id: UUID) -> ChatMessage:
    """Raises NotFound, also for a deleted one."""
    found = await tx.execute(_messages(principal).where(chat_messages.c.id == message_id))
    row = found.mappings().first()
    if row is None:
        raise NotFound("There is no such message.")
    return ChatMessage(**row)


async def asked(
    tx: Transaction, principal: Principal, session_id: UUID, after: int, limit: int
) -> list[Question]:
    """Oldest first; `after` is the sequence of the last one already seen."""
    wanted = _questions(principal).where(questions.c.session_id == session_id)
    wanted = wanted.where(questions.c.sequence > after).order_by(questions.c.sequence)
    found = await tx.execute(wanted.limit(limit))
    return [Question(**row) for row in found.mappings()]


async def question(tx: Transaction, principal: Principal, question_id: UUID) -> Question:
    """Raises NotFound."""
    found = await tx.execute(_questions(principal).where(questions.c.id == question_id))
    row = found.mappings().first()
    if row is None:
        raise NotFound("There is no such question.")
    return Question(**row)


def _messages(principal: Principal) -> sa.Select[Any]:
    return _by_people(chat_messages, principal).add_columns(chat_messages.c.edited_at)


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
        sa.select(*(table.c[name] for name in COMMON), people.c.name)
        .join(people, author)
        .where(table.c.tenant_id == principal.tenant_id)
    )
