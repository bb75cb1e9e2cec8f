"""Events to chat messages, questions and votes; a deleted message leaves no row."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.audience.tables import chat_messages, chat_reactions, question_upvotes, questions
from orchestrator.core.database import Transaction
from schema import events as e

# Plain SQL: a whole class writes at the same time.
ADD = """
insert into {table} (id, tenant_id, session_id, user_id, content, sequence, created_at)
 values ($1, $2, $3, $4, $5, $6, $7)
"""


async def project(tx: Transaction, tenant_id: UUID, event: e.StoredEvent) -> None:
    if isinstance(event.payload, e.ChatEvent):
        await _chat(tx, tenant_id, event)
    elif isinstance(event.payload, e.QuestionEvent):
        await _question(tx, tenant_id, event)


async def _chat(tx: Transaction, tenant_id: UUID, event: e.StoredEvent) -> None:
    match event.payload:
        case e.ChatSent(message_id=key) as sent:
            _add(tx, chat_messages, tenant_id, event, key, sent)
        case e.ChatEdited(message_id=key, content=content):
            changes = {"content": content, "edited_at": event.created_at}
            await tx.execute(
                sa.update(chat_messages).where(chat_messages.c.id == key).values(changes)
            )
        case e.ChatDeleted(message_id=key):
            await tx.execute(sa.delete(chat_messages).where(chat_messages.c.id == key))
        case e.ChatPinned(message_id=key):
            await _pin(tx, key, pinned=True)
        case e.ChatUnpinned(message_id=key):
            await _pin(tx, key, pinned=False)
        case e.ChatReacted() as reaction:
            await _react(tx, tenant_id, event.session_id, reaction)
        case e.ChatReactionWithdrawn() as reaction:
            await _take_back(tx, reaction)
        case _:
            pass


async def _question(tx: Transaction, tenant_id: UUID, event: e.StoredEvent) -> None:
    match event.payload:
        case e.QuestionAsked(question_id=key) as asked:
            _add(tx, questions, tenant_id, event, key, asked)
        case e.QuestionUpvoted() as vote:
            await _vote(tx, tenant_id, event.session_id, vote)
        case e.QuestionUpvoteWithdrawn() as vote:
            await _withdraw(tx, vote)
        case e.QuestionAnswered(question_id=key, answer=answer):
            await _close(tx, key, status="answered", answer=answer)
        case e.QuestionDismissed(question_id=key):
            await _close(tx, key, status="dismissed")
        case _:
            pass


def _add(
    tx: Transaction,
    table: sa.Table,
    tenant_id: UUID,
    event: e.StoredEvent,
    key: UUID,
    written: e.ChatSent | e.QuestionAsked,
) -> None:
    tx.later(
        ADD.format(table=table.name),
        key,
        tenant_id,
        event.session_id,
        written.user_id,
        written.content,
        event.sequence,
        event.created_at,
    )


async def _pin(tx: Transaction, key: UUID, *, pinned: bool) -> None:
    await tx.execute(
        sa.update(chat_messages).where(chat_messages.c.id == key).values(pinned=pinned)
    )


async def _react(
    tx: Transaction, tenant_id: UUID, session_id: UUID, reaction: e.ChatReacted
) -> None:
    row = {
        "tenant_id": tenant_id,
        "session_id": session_id,
        "message_id": reaction.message_id,
        "user_id": reaction.user_id,
        "emoji": reaction.emoji,
    }
    # A message may have been deleted while the reaction waited for the lock.
    values = sa.select(*(sa.literal(value) for value in row.values())).where(
        sa.exists().where(chat_messages.c.id == reaction.message_id)
    )
    await tx.execute(insert(chat_reactions).from_select(list(row), values).on_conflict_do_nothing())


async def _take_back(tx: Transaction, reaction: e.ChatReactionWithdrawn) -> None:
    await tx.execute(
        sa.delete(chat_reactions).where(
            chat_reactions.c.message_id == reaction.message_id,
            chat_reactions.c.user_id == reaction.user_id,
            chat_reactions.c.emoji == reaction.emoji,
        )
    )


async def _vote(
    tx: Transaction, tenant_id: UUID, session_id: UUID, vote: e.QuestionUpvoted
) -> None:
    row = {
        "tenant_id": tenant_id,
        "session_id": session_id,
        "question_id": vote.question_id,
        "user_id": vote.user_id,
    }
    await tx.execute(sa.insert(question_upvotes).values(row))
    await _count(tx, vote.question_id, 1)


async def _withdraw(tx: Transaction, vote: e.QuestionUpvoteWithdrawn) -> None:
    await tx.execute(
        sa.delete(question_upvotes).where(
            question_upvotes.c.question_id == vote.question_id,
            question_upvotes.c.user_id == vote.user_id,
        )
    )
    await _count(tx, vote.question_id, -1)


async def _count(tx: Transaction, key: UUID, change: int) -> None:
    more = questions.c.upvotes + change
    await tx.execute(sa.update(questions).where(questions.c.id == key).values(upvotes=more))


async def _close(tx: Transaction, key: UUID, **values: str | None) -> None:
    await tx.execute(sa.update(questions).where(questions.c.id == key).values(**values))
