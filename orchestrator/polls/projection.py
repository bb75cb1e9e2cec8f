"""Events to polls and the answers to them."""

from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import asdict
from sqlalchemy.dialects.postgresql import insert

from orchestrator.core.database import Transaction
from orchestrator.polls.tables import poll_responses, polls
from schema import events as e


async def project(tx: Transaction, tenant_id: UUID, event: e.StoredEvent) -> None:
    at = event.created_at
    match event.payload:
        case e.PollCreated() as created:
            await _create(tx, tenant_id, event, created)
        case e.PollEdited(poll_id=key, sealed=sealed):
            await _set(tx, key, sealed=sealed)
        case e.PollOpened(poll_id=key, question=question):
            await _set(tx, key, status="open", opened_at=at, **asdict(question))
        case e.PollAnswered() as answered:
            await _answer(tx, tenant_id, event, answered)
        case e.PollClosed(poll_id=key, tally=tally, correct=correct):
            await _set(tx, key, status="closed", closed_at=at, tally=tally, correct=correct)
        case e.PollDeleted(poll_id=key):
            await tx.execute(sa.delete(polls).where(polls.c.id == key))
        case _:
            pass


async def _create(
    tx: Transaction, tenant_id: UUID, event: e.StoredEvent, created: e.PollCreated
) -> None:
    row = {
        "id": created.poll_id,
        "tenant_id": tenant_id,
        "session_id": event.session_id,
        "created_by": created.created_by,
        "sealed": created.sealed,
        "sequence": event.sequence,
        "created_at": event.created_at,
    }
    await tx.execute(sa.insert(polls).values(row))


async def _set(tx: Transaction, key: UUID, **values: object) -> None:
    await tx.execute(sa.update(polls).where(polls.c.id == key).values(**values))


async def _answer(
    tx: Transaction, tenant_id: UUID, event: e.StoredEvent, answered: e.PollAnswered
) -> None:
    who = {"poll_id": answered.poll_id, "respondent": answered.respondent}
    answer = {
        "choices": answered.choices,
        "sealed": answered.sealed,
        "answered_at": event.created_at,
    }
    owner = {"tenant_id": tenant_id, "session_id": event.session_id}
    await tx.execute(
        insert(poll_responses)
        .values(**owner, **who, **answer)
        .on_conflict_do_update(constraint=poll_responses.primary_key, set_=answer)
    )
