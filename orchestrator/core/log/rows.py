"""The table of the log, and its statements: plain SQL, because every write of a session passes here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

import asyncpg
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from orchestrator.core.database import Transaction, metadata, time_column, uuid_column
from schema.events import Event, StoredEvent, event_type

events = sa.Table(
    "session_state_events",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("event_type", sa.Text, nullable=False),
    sa.Column("event_payload", JSONB, nullable=False),
    time_column("created_at", nullable=False),
    sa.Column("idempotency_key", sa.Text, nullable=False),
    sa.UniqueConstraint("session_id", "sequence"),
    sa.UniqueConstraint("session_id", "idempotency_key"),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    # The state at a time: which event was the last one then.
    sa.Index(None, "session_id", "created_at"),
)

# Locks the session's row, looks the key up, and appends if the head is the expected one (migration 0016): one round trip.
APPEND = "select * from append_log($1, $2, $3, $4, $5, $6, $7, $8)"
# There are no gaps: with both bounds the planner needs no statistics to see how few these are, and sorts nothing.
READ = """
select id, sequence, event_type, event_payload::text as payload, created_at
 from session_state_events
 where session_id = $1 and sequence > $2 and sequence <= $2 + $3 order by sequence
"""
LAST = "select last_sequence as last from sessions where id = $1"
# For who holds the lock already and knows that the key is new: less to do while everybody else waits.
WRITE = """
with written as (
 insert into session_state_events
  (id, tenant_id, session_id, sequence, event_type, event_payload, created_at, idempotency_key)
 select id, $1, $2, $5 + n, type, payload::jsonb, $3, $4 || '#' || n - 1
  from unnest($6::uuid[], $7::text[], $8::text[]) with ordinality as new (id, type, payload, n))
update sessions set last_sequence = $5 + cardinality($6::uuid[]) where id = $2
"""

DECODERS = {str(kind.__struct_config__.tag): msgspec.json.Decoder(kind) for kind in get_args(Event)}


class Head(msgspec.Struct, frozen=True):
    """A locked log: its last sequence, whether the new events are among it, and what the key had appended before."""

    last: int
    written: bool
    done: list[StoredEvent]


async def append(
    tx: Transaction,
    tenant_id: UUID,
    session_id: UUID,
    key: str,
    expected: int,
    new: Sequence[StoredEvent],
) -> Head | None:
    """Writes `new` if `expected` is the last sequence, and locks the log until the transaction ends; None for a session that
    is not there or another tenant's."""
    at = new[0].created_at if new else None
    found = await tx.fetch(APPEND, tenant_id, session_id, key, expected, at, *_columns(new))
    if not found:
        return None
    done = [stored(session_id, row) for row in found if row["id"] is not None]
    return Head(found[0]["last"], found[0]["written"], done)


async def write(
    tx: Transaction, tenant_id: UUID, key: str, last: int, new: Sequence[StoredEvent]
) -> None:
    """Writes `new` after `last`, for who has locked the log with this key."""
    first = new[0]
    place = (tenant_id, first.session_id, first.created_at, key, last)
    await tx.fetch(WRITE, *place, *_columns(new))


async def read(tx: Transaction, session_id: UUID, after: int, limit: int) -> list[StoredEvent]:
    return [stored(session_id, row) for row in await tx.fetch(READ, session_id, after, limit)]


async def last_sequence(tx: Transaction, session_id: UUID) -> int:
    """0 for a session that is not there."""
    found = await tx.fetch(LAST, session_id)
    return int(found[0]["last"]) if found else 0


def stored(session_id: UUID, row: asyncpg.Record) -> StoredEvent:
    payload: Any = DECODERS[row["event_type"]].decode(row["payload"])
    created_at: datetime = row["created_at"]
    return StoredEvent(
        id=row["id"],
        session_id=session_id,
        sequence=row["sequence"],
        created_at=created_at,
        payload=payload,
    )


def _columns(new: Sequence[StoredEvent]) -> tuple[list[UUID], list[str], list[str]]:
    """Ids, types and payloads."""
    types = [event_type(event.payload) for event in new]
    return [event.id for event in new], types, [_payload(event) for event in new]


def _payload(event: StoredEvent) -> str:
    """Without `type`, which has a column of its own."""
    fields: dict[str, Any] = msgspec.to_builtins(event.payload)
    del fields["type"]
    return msgspec.json.encode(fields).decode()
