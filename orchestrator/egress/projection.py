"""The read model of a session's destinations, written in the transaction of the event."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.core.database import Transaction, metadata, time_column, uuid_column
from schema.events import DestinationChanged, DestinationsSelected, StoredEvent

session_destinations = sa.Table(
    "session_destinations",
    metadata,
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", primary_key=True),
    uuid_column("destination_id", primary_key=True),
    sa.Column("selected", sa.Boolean, nullable=False),
    sa.Column("status", sa.Text, nullable=False, server_default="idle"),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
    time_column("next_attempt_at"),
    sa.Column("reason", sa.Text),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    sa.ForeignKeyConstraint(
        ["tenant_id", "destination_id"],
        ["multistream_destinations.tenant_id", "multistream_destinations.id"],
    ),
)


async def project(tx: Transaction, tenant_id: UUID, event: StoredEvent) -> None:
    match event.payload:
        case DestinationsSelected(destination_ids=ids):
            await _select(tx, tenant_id, event.session_id, ids)
        case DestinationChanged() as changed:
            await _change(tx, event.session_id, changed)
        case _:
            pass


async def _select(tx: Transaction, tenant_id: UUID, session_id: UUID, ids: list[UUID]) -> None:
    table = session_destinations
    await tx.execute(
        sa.update(table)
        .where(table.c.session_id == session_id)
        .values(selected=table.c.destination_id.in_(ids))
    )
    if ids:
        rows = [
            {
                "tenant_id": tenant_id,
                "session_id": session_id,
                "destination_id": destination,
                "selected": True,
            }
            for destination in ids
        ]
        await tx.execute(insert(table).values(rows).on_conflict_do_nothing())


async def _change(tx: Transaction, session_id: UUID, changed: DestinationChanged) -> None:
    table = session_destinations
    await tx.execute(
        sa.update(table)
        .where(table.c.session_id == session_id, table.c.destination_id == changed.destination_id)
        .values(
            status=changed.status,
            attempt=changed.attempt,
            next_attempt_at=changed.next_attempt_at,
            reason=changed.reason,
        )
    )
