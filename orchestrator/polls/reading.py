"""Rows of polls and of the answers to them."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.polls.tables import poll_responses, polls
from orchestrator.sessions.tables import session_participants as people
from schema.errors import NotFound

Row = sa.RowMapping


async def poll_row(tx: Transaction, tenant_id: UUID, poll_id: UUID) -> Row:
    """Raises NotFound, also for another tenant's."""
    found = await tx.execute(
        sa.select(polls).where(polls.c.id == poll_id, polls.c.tenant_id == tenant_id)
    )
    row = found.mappings().first()
    if row is None:
        raise NotFound("There is no such poll.")
    return row


async def poll_rows(
    tx: Transaction, session_id: UUID, after: int, limit: int, *, drafts: bool
) -> list[Row]:
    """Oldest first; `after` is the sequence of the last one already seen."""
    wanted = sa.select(polls).where(polls.c.session_id == session_id, polls.c.sequence > after)
    if not drafts:
        wanted = wanted.where(polls.c.status != "draft")
    found = await tx.execute(wanted.order_by(polls.c.sequence).limit(limit))
    return list(found.mappings())


async def answers_of(tx: Transaction, respondents: dict[UUID, str]) -> dict[UUID, Row]:
    """By poll, of one person who is `respondents[poll]` in each."""
    given = sa.tuple_(poll_responses.c.poll_id, poll_responses.c.respondent)
    found = await tx.execute(sa.select(poll_responses).where(given.in_(respondents.items())))
    return {row["poll_id"]: row for row in found.mappings()}


async def all_answers(tx: Transaction, poll_id: UUID) -> list[Row]:
    """In no order that tells who answered: by respondent."""
    found = await tx.execute(
        sa.select(poll_responses)
        .where(poll_responses.c.poll_id == poll_id)
        .order_by(poll_responses.c.respondent)
    )
    return list(found.mappings())


async def names_of(tx: Transaction, session_id: UUID) -> dict[UUID, str]:
    """Everybody who was in class, by participant id."""
    found = await tx.execute(
        sa.select(people.c.id, people.c.name).where(people.c.session_id == session_id)
    )
    named: dict[Any, str] = {row.id: row.name for row in found}
    return named
